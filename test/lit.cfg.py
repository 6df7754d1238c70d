"""The lit suite of LinRec: `ninja check-linrec`, or scripts/test.

A test that needs a tool or a machine says so by REQUIRES; the features are:
  linrec-run, linrec-translate, ...  the tool is built
  plugin      lib/LinRecPlugin.so is built
  asan        the tools are built with sanitizers
  asserts     LinRec's own assertions are on
  avx512, avx2, x86, aarch64   this machine
  nvcc        the CUDA compiler is in PATH
  cuda        an NVIDIA driver and a device are here
  slow        on, unless lit is run with --param slow=0
"""

import glob
import os
import platform
import shutil
import sys

import lit.formats
from lit.llvm import llvm_config
from lit.llvm.subst import ToolSubst

config.name = "LinRec"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "oracle", "consumer", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.linrec_binary_dir, "test")

bin_dir = os.path.join(config.linrec_binary_dir, "bin")
plugin = os.path.join(config.linrec_binary_dir, "lib", "LinRecPlugin.so")
venv_python = os.path.join(config.linrec_source_dir, ".venv", "bin", "python")

# What a test may name.
config.substitutions += [
    ("%python", venv_python if os.path.exists(venv_python) else sys.executable),
    ("%source", config.linrec_source_dir),
    ("%build", config.linrec_binary_dir),
    ("%plugin", plugin),
    ("%cmake", config.cmake_command),
    ("%cc", config.host_cc),
    ("%cxx", config.host_cxx),
    ("%llvm_tools", config.llvm_tools_dir),
    ("%llvm_lib", os.path.join(os.path.dirname(config.llvm_tools_dir), "lib")),
]
llvm_config.use_default_substitutions()
llvm_config.with_environment("PATH", bin_dir, append_path=True)
llvm_config.with_environment("PATH", config.llvm_tools_dir, append_path=True)
tools = config.linrec_tools.split(";")
llvm_config.add_tool_substitutions(
    [ToolSubst(tool, unresolved="ignore") for tool in tools + ["mlir-opt", "mlir-translate"]],
    [bin_dir, config.llvm_tools_dir])

# An uninstrumented mlir-opt loads an instrumented plugin only after the
# sanitizer's runtime.
if config.linrec_sanitize:
    config.substitutions.append(
        ("%preload", "env LD_PRELOAD=%s ASAN_OPTIONS=detect_leaks=0" % config.asan_runtime))
    config.substitutions.append(("%sanitize", "-fsanitize=address,undefined"))
    config.available_features.add("asan")
else:
    config.substitutions += [("%preload", "env"), ("%sanitize", "-O1")]
# Matplotlib draws without a display, and writes its cache into the build.
config.environment["MPLBACKEND"] = "Agg"
config.environment["MPLCONFIGDIR"] = os.path.join(config.test_exec_root, "matplotlib")
for name in ["ASAN_OPTIONS", "UBSAN_OPTIONS", "OMP_NUM_THREADS", "LINREC_RANDOM_COUNT",
             "LLVM_PROFILE_FILE"]:
    if name in os.environ:
        config.environment[name] = os.environ[name]

# What this build and this machine have.
for tool in tools:
    if os.path.exists(os.path.join(bin_dir, tool)):
        config.available_features.add(tool)
if os.path.exists(plugin):
    config.available_features.add("plugin")
if config.linrec_asserts:
    config.available_features.add("asserts")
if lit_config.params.get("slow", "1") != "0":
    config.available_features.add("slow")
machine = platform.machine()
config.available_features.add({"x86_64": "x86"}.get(machine, machine))
if os.path.exists("/proc/cpuinfo"):
    with open("/proc/cpuinfo") as info:
        flags = next((l for l in info if l.startswith(("flags", "Features"))), "").split()
    if "avx2" in flags and "fma" in flags:
        config.available_features.add("avx2")
    if "avx512f" in flags and "avx512vl" in flags:
        config.available_features.add("avx512")
if shutil.which("nvcc"):
    config.available_features.add("nvcc")
if glob.glob("/dev/nvidia[0-9]*") and shutil.which("nvidia-smi"):
    config.available_features.add("cuda")
