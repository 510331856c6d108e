"""Trains a Rasa pipeline: CONFIG DATA DOMAIN OUTPUT. Runs in Rasa's Python 3.10; started by ``benchmarks/peer.py``."""

import sys
from pathlib import Path


def main(config: Path, data: Path, domain: Path, output: Path) -> None:
    from rasa.model_training import train_nlu

    name = output.name.removesuffix(".tar.gz")
    train_nlu(str(config), str(data), str(output.parent), fixed_model_name=name, domain=str(domain))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:5]))
