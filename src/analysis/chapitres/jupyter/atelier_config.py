"""What JupyterLab does in the atelier: it saves cells, never what they showed, asks nobody for news, and
serves the built site to this machine alone, to which the numbers of a chapter link."""

from analysis.chapitres.banc.atelier import keep_cells_alone

c = get_config()  # type: ignore[name-defined]  # noqa: F821 (JupyterLab gives it to its configuration files)
c.ContentsManager.pre_save_hook = keep_cells_alone
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.allow_remote_access = False
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.default_url = "/lab/tree/notebooks"
c.ServerApp.jpserver_extensions = {"analysis.chapitres.banc.site_servi": True}
