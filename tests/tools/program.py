# SPDX-License-Identifier: MIT
"""The program vcdr under test: run it, and state what it has to say."""
import os
import subprocess
import tempfile
import unittest

VCDR = os.environ["VCDR"]


class Case(unittest.TestCase):
    """A test in an empty folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def run_vcdr(self, *arguments, **options):
        return subprocess.run([VCDR, *arguments], capture_output=True, text=True, timeout=120,
                              cwd=self.folder, **options)

    def done(self, *arguments, **options):
        """Ends with 0 and no word on stderr; what it printed."""
        result = self.run_vcdr(*arguments, **options)
        self.assertEqual((result.returncode, result.stderr), (0, ""),
                         f"vcdr {' '.join(arguments)}: {result.stdout}")
        return result.stdout

    def refused(self, status, stderr, *arguments, **options):
        """Ends with that status, nothing on stdout, one line on stderr that holds `stderr`."""
        result = self.run_vcdr(*arguments, **options)
        self.assertEqual((result.returncode, result.stdout), (status, ""), result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        self.assertTrue(result.stderr.startswith("vcdr: "), result.stderr)
        self.assertIn(stderr, result.stderr)

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)
        return self.path(name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()
