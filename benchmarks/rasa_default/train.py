"""Trains the default pipeline on our data. Runs in Rasa's Python 3.10; started by ``benchmarks/nlu.py``."""

import sys
from pathlib import Path


def main(data: Path, domain: Path, output: Path) -> None:
    from rasa.model_training import train_nlu

    config = Path(__file__).with_name("config.yml")
    name = output.name.removesuffix(".tar.gz")
    train_nlu(str(config), str(data), str(output.parent), fixed_model_name=name, domain=str(domain))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
