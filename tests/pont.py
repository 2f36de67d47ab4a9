"""Run by the system's Python, which has LibreOffice's ``uno``: the way to an office that listens on a pipe."""

import os
import time


def prop(name, value):
    from com.sun.star.beans import PropertyValue

    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def connected(pipe):
    """The office's context, once it answers."""
    import uno  # what lets Python find LibreOffice's own modules

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(240):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:
            time.sleep(0.5)
    raise SystemExit("LibreOffice does not answer")


def desktop(context):
    return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)


def leave():
    """End at once, all being stored: what the bridge runs beside Python crashes at times while Python is taken down."""
    os._exit(0)
