"""Writes a text file as a C string: embed.py INPUT OUTPUT NAME.  The operator carries its description in it."""
import sys

source, target, name = sys.argv[1:]
with open(source, "rb") as file:
    data = file.read()
with open(target, "w", encoding="ascii") as file:
    file.write(f"static const char {name}[] =\n")
    for start in range(0, len(data), 24):
        # Octal escapes of always three digits: no digit that follows can be taken for a part of one.
        file.write('    "' + "".join(f"\\{byte:03o}" for byte in data[start : start + 24]) + '"\n')
    file.write("    ;\n")
