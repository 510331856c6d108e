"""Trains the project into one archive. Runs in Rasa's Python 3.10; started by ``nlu/training.py``."""

import sys
from pathlib import Path


def main(output: Path) -> None:
    """Writes ``output`` (…/name.tar.gz); config, data and domain are those beside this file."""
    from rasa.model_training import train_nlu

    here = Path(__file__).parent
    train_nlu(str(here / "config.yml"), str(here / "data"), str(output.parent),
              fixed_model_name=output.name.removesuffix(".tar.gz"), domain=str(here / "domain.yml"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
