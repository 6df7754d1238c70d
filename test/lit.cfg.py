import os
import sys

import lit.formats
from lit.llvm import llvm_config

config.name = "LinRec"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "oracle", "consumer"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.linrec_binary_dir, "test")

venv = os.path.join(config.linrec_source_dir, ".venv", "bin", "python")
config.substitutions.append(("%python", venv if os.path.exists(venv) else sys.executable))
config.substitutions.append(("%source", config.linrec_source_dir))
config.substitutions.append(("%build", config.linrec_binary_dir))
config.substitutions.append(
    ("%plugin", os.path.join(config.linrec_binary_dir, "lib", "LinRecPlugin.so")))

llvm_config.use_default_substitutions()
llvm_config.with_environment("PATH", config.llvm_tools_dir, append_path=True)
llvm_config.add_tool_substitutions(
    ["linrec-opt", "linrec-run", "linrec-translate", "linrec-lsp-server", "mlir-opt"],
    [os.path.join(config.linrec_binary_dir, "bin"), config.llvm_tools_dir])
