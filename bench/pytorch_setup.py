"""The fastest set-up found for an installed PyTorch, so that it is a fair opponent.

For every build: an allocator that keeps freed buffers instead of returning them. Debian's PyTorch also
gets OpenBLAS (pthread build) preloaded with an AVX-512 core type and one BLAS thread, and its own
kernels on AVX-512; the build from PyPI chooses its kernels itself and brings its own BLAS.
"""
import glob
import importlib.util
import os
import sys


def debian_environment():
    """What Debian's build needs to be fast."""
    libraries = glob.glob("/usr/lib/*/openblas-pthread/libopenblas.so.0")
    if not libraries:
        sys.exit("error: the pthread build of OpenBLAS is not installed\n"
                 "hint: apt-get install libopenblas0-pthread, or use --as-shipped")
    environment = {"LD_PRELOAD": libraries[0], "OPENBLAS_NUM_THREADS": "1"}
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        if "avx512bw" in file.read():
            environment["ATEN_CPU_CAPABILITY"] = "avx512"
            environment["OPENBLAS_CORETYPE"] = "SKYLAKEX"
    return environment


def enter_fastest_setup(threads):
    """Starts the script again with the environment that the dynamic linker and the libraries read.

    To be called before torch is imported; does nothing the second time.
    """
    if os.environ.get("PYTORCH_SETUP_READY"):
        return
    environment = dict(os.environ, PYTORCH_SETUP_READY="1", OMP_NUM_THREADS=str(threads),
                       MALLOC_MMAP_THRESHOLD_=str(1 << 30), MALLOC_TRIM_THRESHOLD_=str(1 << 30))
    torch = importlib.util.find_spec("torch")
    if torch is None:
        sys.exit(f"error: {sys.executable} has no torch\n"
                 "hint: ./run bench installs it")
    if torch.origin.startswith("/usr/lib/"):
        environment.update(debian_environment())
    os.execve(sys.executable, [sys.executable] + sys.argv, environment)
