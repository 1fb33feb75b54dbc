#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The installed CMake packages are enough: examples/cmocka is built with them and its tests are run.

package.py BUILD SOURCE : installs BUILD below a fresh folder, builds the example as a user would,
outside the tree, moves the installation and does it again; and sees that the packages refuse another
version, and that the pkg-config files are enough as well.
"""
import os
import shutil
import subprocess
import sys
import tempfile

BUILD, SOURCE = sys.argv[1:3]
# Nothing of the build that runs this may help.
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("VCDR")}


def run(command, expected=0, **options):
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env=dict(ENVIRONMENT, **options.pop("more", {})), **options)
    if done.returncode != expected:
        sys.exit(f"{' '.join(command)}\n{done.stdout}status {done.returncode}")
    return done.stdout


def example(prefix, folder):
    """Builds and runs it; both kinds of drives have to pass every test."""
    source, build = os.path.join(folder, "example"), os.path.join(folder, "example-build")
    shutil.copytree(os.path.join(SOURCE, "examples/cmocka"), source)
    run(["cmake", "-G", "Ninja", "-S", source, "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}",
         "-DCMAKE_C_FLAGS=-Wall -Wextra -Werror"])
    run(["cmake", "--build", build])
    said = run(["ctest", "--test-dir", build, "--verbose"])
    if said.count("[       OK ]") != 8 or "[  FAILED  ]" in said:
        sys.exit(f"not 4 tests twice:\n{said}")
    shutil.rmtree(source)
    shutil.rmtree(build)


def by_pkg_config(prefix, folder):
    libraries = [f for f, _, names in os.walk(prefix) if "libvcdr.so" in names][0]
    flags = run(["pkg-config", "--cflags", "--libs", "imapi2", "vcdr"],
                more={"PKG_CONFIG_PATH": os.path.join(libraries, "pkgconfig")}).split()
    program = os.path.join(folder, "by-pkg-config")
    sources = [os.path.join(SOURCE, "examples/cmocka", s) for s in ["test_recorder.c", "burner.c"]]
    run(["cc", "-std=c11", *sources, "-o", program, *flags, f"-Wl,-rpath-link,{libraries}",
         "-lcmocka"])
    run([program], cwd=folder, more={"LD_LIBRARY_PATH": libraries})


def other_version(prefix, folder):
    project = os.path.join(folder, "other-version")
    os.mkdir(project)
    with open(os.path.join(project, "CMakeLists.txt"), "w", encoding="utf-8") as file:
        file.write("cmake_minimum_required(VERSION 3.18)\nproject(other C)\n"
                   "find_package(vcdr 99 QUIET)\nfind_package(imapi2 99 QUIET)\n"
                   "if(vcdr_FOUND OR imapi2_FOUND)\n  message(FATAL_ERROR \"taken\")\nendif()\n"
                   "find_package(vcdr REQUIRED)\n"
                   "if(NOT TARGET vcdr::program OR NOT EXISTS ${vcdr_MODULE})\n"
                   "  message(FATAL_ERROR \"no program or no module\")\nendif()\n")
    run(["cmake", "-G", "Ninja", "-S", project, "-B", os.path.join(project, "build"),
         f"-DCMAKE_PREFIX_PATH={prefix}"])


def main():
    with tempfile.TemporaryDirectory() as folder:
        prefix, moved = os.path.join(folder, "prefix"), os.path.join(folder, "moved")
        run(["cmake", "--install", BUILD, "--prefix", prefix])
        example(prefix, folder)
        shutil.move(prefix, moved)
        example(moved, folder)
        by_pkg_config(moved, folder)
        other_version(moved, folder)
    print("the example passes with the packages, where they were installed and where they were moved")


main()
