"""The fastest set-up of Debian's PyTorch that was found, so that it is a fair opponent.

OpenBLAS (pthread build) preloaded with an AVX-512 core type and one BLAS thread, PyTorch's own kernels
on AVX-512 too, and an allocator that keeps freed buffers instead of returning them.
"""
import glob
import os
import sys


def enter_fastest_setup(threads):
    """Starts the script again with the environment that the dynamic linker and OpenBLAS read.

    To be called before torch is imported; does nothing the second time.
    """
    if os.environ.get("PYTORCH_SETUP_READY"):
        return
    libraries = glob.glob("/usr/lib/*/openblas-pthread/libopenblas.so.0")
    if not libraries:
        sys.exit("error: the pthread build of OpenBLAS is not installed\n"
                 "hint: apt-get install libopenblas0-pthread, or use --as-shipped")
    environment = dict(os.environ, PYTORCH_SETUP_READY="1", LD_PRELOAD=libraries[0],
                       OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS=str(threads),
                       MALLOC_MMAP_THRESHOLD_=str(1 << 30), MALLOC_TRIM_THRESHOLD_=str(1 << 30))
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        if "avx512bw" in file.read():
            environment["ATEN_CPU_CAPABILITY"] = "avx512"
            environment["OPENBLAS_CORETYPE"] = "SKYLAKEX"
    os.execve(sys.executable, [sys.executable] + sys.argv, environment)
