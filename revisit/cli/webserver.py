"""``revisit webserver``: settings for the web server in front of the collector."""

from pathlib import Path

import click

from collector.front import Front, caddy, nginx
from revisit.forms.site import Site
from revisit.settings import load

SERVERS = {"nginx": nginx, "caddy": caddy}


@click.command()
@click.argument("name", type=click.Choice(list(SERVERS)))
@click.option("--collector", default="127.0.0.1:8000", show_default=True, help="Where revisit serve listens.")
@click.option(
    "--certificate", default="/etc/ssl/certs/revisit.pem", show_default=True, help="For nginx: the certificate's file."
)
@click.option(
    "--key", default="/etc/ssl/private/revisit.key", show_default=True, help="For nginx: the certificate's key."
)
@click.pass_obj
def webserver(root: Path, name: str, collector: str, certificate: str, key: str) -> None:
    """Write the settings of a web server in front: forms from the disk, everything else from the collector.

    \b
    Examples:
      revisit webserver nginx > /etc/nginx/conf.d/revisit.conf && nginx -t && nginx -s reload
      revisit webserver caddy > /etc/caddy/Caddyfile && caddy reload --config /etc/caddy/Caddyfile
    """
    settings = load(root)
    front = Front(settings, Site.open(settings.workspace.site), collector, certificate, key)
    click.echo(SERVERS[name](front), nl=False)
