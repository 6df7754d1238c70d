"""Prints, for each text of a folder, its name and the labels of its components.

usage: label-texts.py FOLDER
"""

import pathlib
import re
import subprocess
import sys

for text in sorted(pathlib.Path(sys.argv[1]).glob("*.mlir")):
    result = subprocess.run(["linrec-opt", "--linrec-analyze", str(text)],
                            capture_output=True, text=True, check=False)
    labels = re.findall(r'label = "([^"]*)"', result.stdout)
    print(f"{text.stem}: {'; '.join(labels) or 'no state'}{result.stderr}")
