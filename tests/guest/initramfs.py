# SPDX-License-Identifier: MIT
"""The guest's file system: the host's own programs with their libraries, and the kernel's modules."""
import glob
import os
import re
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
SEARCH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/lib/systemd"
MODULES = ["virtio_pci", "virtio_net", "virtio_console", "virtio_rng", "iscsi_tcp", "sr_mod", "sg",
           "isofs", "udf"]
# What every guest has, whatever its cases run.
PROGRAMS = ["busybox", "iscsid", "iscsiadm", "udevadm", "kmod", "eject"]
UDEV = ["/lib/udev/cdrom_id", "/lib/udev/scsi_id"]
RULES = ["50-udev-default", "60-block", "60-cdrom_id", "60-persistent-storage", "80-debian-compat"]

ISCSID_CONF = """iscsid.startup = /bin/true
node.startup = manual
node.session.timeo.replacement_timeout = 120
node.conn[0].timeo.login_timeout = 60
node.conn[0].timeo.logout_timeout = 60
node.conn[0].timeo.noop_out_interval = 0
node.conn[0].timeo.noop_out_timeout = 0
"""


class Missing(Exception):
    """Something that the host has not; its text says what."""


def find(program):
    path = shutil.which(program, path=SEARCH)
    if not path:
        raise Missing(f"no {program} here")
    return path


def copy(source, root, target=None):
    path = root + (target or source)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if not os.path.exists(path):
        shutil.copy(os.path.realpath(source), path)


def copy_program(source, root, target):
    copy(source, root, target)
    said = subprocess.run(["ldd", source], capture_output=True, text=True, check=False).stdout
    for library in re.findall(r"(/\S+) \(0x", said):
        copy(library, root)


def modules(kernel):
    """The modules' files, each behind those that it depends on."""
    version = os.path.basename(glob.glob(os.path.join(kernel, "lib/modules/*"))[0])
    if not os.path.exists(os.path.join(kernel, "lib/modules", version, "modules.dep")):
        subprocess.run([find("depmod"), "-b", kernel, version], check=True)
    paths = {}
    for name in MODULES:
        said = subprocess.run([find("modprobe"), "-d", kernel, "-S", version, "--show-depends", name],
                              capture_output=True, text=True, check=True).stdout
        paths.update(dict.fromkeys(re.findall(r"^insmod (\S+)", said, re.M)))
    return os.path.join(kernel, "boot", "vmlinuz-" + version), list(paths)


def build(kernel, programs, cases, data, folder):
    """Makes FOLDER/initramfs; the path of the kernel that goes with it."""
    root = os.path.join(folder, "root")
    for name in ["bin", "dev", "proc", "sys", "run", "tmp", "root", "mnt/a", "mnt/b", "etc/iscsi/nodes",
                 "etc/iscsi/send_targets", "modules", "cases", "usr/lib", "var/lib", "lib/udev/rules.d"]:
        os.makedirs(os.path.join(root, name))
    for link, target in [("sbin", "bin"), ("usr/bin", "../bin"), ("usr/sbin", "../bin"),
                         ("usr/lib/udev", "../../lib/udev"), ("var/run", "/run")]:
        os.symlink(target, os.path.join(root, link))
    for program in PROGRAMS + sorted(programs):
        copy_program(find(program), root, "/bin/" + program)
    # which of its two programs it is, the name decides
    os.symlink("udevadm", os.path.join(root, "bin/systemd-udevd"))
    for program in UDEV:
        if not os.path.exists(program):
            raise Missing(f"no {program} here")
        copy_program(program, root, program)
    for rule in RULES:
        copy(f"/lib/udev/rules.d/{rule}.rules", root)
    for name in ["passwd", "group"]:
        copy("/etc/" + name, root)
    with open(os.path.join(root, "etc/iscsi/iscsid.conf"), "w", encoding="ascii") as file:
        file.write(ISCSID_CONF)
    with open(os.path.join(root, "etc/iscsi/initiatorname.iscsi"), "w", encoding="ascii") as file:
        file.write("InitiatorName=iqn.2026-11.local.vcdr:guest\n")
    # libcdio's way from CD-Text to the terminal
    for pattern in ["gconv-modules*", "gconv-modules.d/*", "ISO8859-1.so"]:
        for path in glob.glob("/usr/lib/*/gconv/" + pattern):
            if os.path.isfile(path):
                copy(path, root)
    image, paths = modules(kernel)
    for number, path in enumerate(paths):
        copy(path, root, f"/modules/{number:03}-{os.path.basename(path)}")
    copy(os.path.join(HERE, "init"), root, "/init")
    copy(os.path.join(HERE, "guest.sh"), root, "/guest.sh")
    for case in cases:
        copy(case, root, "/cases/" + os.path.basename(case))
    shutil.copytree(data, os.path.join(root, "data"))
    subprocess.run("find . | cpio --quiet -o -H newc >../initramfs", shell=True, cwd=root, check=True)
    return image
