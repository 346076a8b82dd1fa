"""The web server in front: settings for nginx and Caddy, written for the pages as they are built now."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from collector.app import LARGEST_BODY
from collector.respond import EVERYWHERE, HSTS
from revisit.forms.site import Page, Site
from revisit.settings import Settings

# Four times what the collector takes, so that whoever sends too much meets the collector's kind page.
MOST_BODY = 4 * LARGEST_BODY // 1024  # KiB
BUILT = "index.html"


@dataclass(frozen=True, slots=True)
class Front:
    """What the settings are written from: the installation, its site, and where collector, certificate and logs are."""

    settings: Settings
    site: Site
    collector: str = "127.0.0.1:8000"
    certificate: str = "/etc/ssl/certs/revisit.pem"
    key: str = "/etc/ssl/private/revisit.key"
    logs: str = "/var/log/nginx"

    @property
    def pages(self) -> dict[str, Page]:
        """Give each page by its path, with a slash at both ends."""
        found = {f"/{name.removesuffix(BUILT)}": self.site.page(name) for name in sorted(self.site.pages)}
        return {path: page for path, page in found.items() if page is not None}

    @property
    def folder(self) -> Path:
        """Give the folder of this very build: its pages belong to the policies written here, a newer one's may not."""
        return self.site.root

    @property
    def secure(self) -> bool:
        """Say whether customers come by https."""
        return urlsplit(self.settings.public_url).scheme == "https"

    @property
    def headers(self) -> dict[str, str]:
        """Give the headers of a page but its policy and ETag."""
        found = {**EVERYWHERE, "Cache-Control": "no-cache"}
        del found["Content-Security-Policy"]
        return {**found, "Strict-Transport-Security": HSTS} if self.secure else found


def nginx(front: Front) -> str:
    """Give a file for nginx' ``conf.d``: forms from the disk, everything else from the collector, no code in a log."""
    address = urlsplit(front.settings.public_url)
    port = address.port or (443 if front.secure else 80)
    tls = f"    ssl_certificate {front.certificate};\n    ssl_certificate_key {front.key};\n" if front.secure else ""
    pages = [(f'"{path}{name}"', page) for path, page in front.pages.items() for name in ("", BUILT)]
    headers = "".join(f'        add_header {name} "{value}" always;\n' for name, value in front.headers.items())
    return _NGINX.format(
        policies="".join(f'    {path} "{page.csp}";\n' for path, page in pages),
        etags="".join(f"    {path} '{page.etag}';\n" for path, page in pages),
        listen=f"{port} ssl" if front.secure else port,
        name=address.hostname,
        tls=tls,
        body=f"{MOST_BODY}k",
        folder=front.folder,
        headers=headers,
        collector=front.collector,
        logs=front.logs,
    )


def _large(most: int) -> str:
    """Give an expression for whole numbers whose first digit or whose length is greater than that of ``most``."""
    digits = str(most)
    return f"^([{int(digits[0]) + 1}-9][0-9]{{{len(digits) - 1}}}|[0-9]{{{len(digits) + 1},}})$"


def caddy(front: Front) -> str:
    """Give a Caddyfile that does the same; Caddy sees to the certificate and makes ETags of its own."""
    headers = "".join(f'\t\t\t{name} "{value}"\n' for name, value in front.headers.items())
    return _CADDY.format(
        address=front.settings.public_url.rstrip("/"),
        policies="".join(f'\t\t{path} "{page.csp}"\n' for path, page in front.pages.items()),
        body=f"{MOST_BODY}KiB",
        large=_large(MOST_BODY * 1024),
        folder=front.folder,
        headers=headers,
        collector=front.collector,
    )


_NGINX = """\
# Revisit behind nginx. Written by: revisit webserver nginx
# Write it anew and reload nginx after each revisit build; until then nginx shows the former pages, whole.

map_hash_bucket_size 256;
map_hash_max_size 65536;
map $uri $revisit_policy {{
    default "";
{policies}}}
map $uri $revisit_etag {{
    default "-";
{etags}}}
# Compressing makes an ETag a weak one; it names the same page.
map $http_if_none_match $revisit_known {{
    '~^(W/)?(?<tag>".*")$' $tag;
}}
# A link's code stands in the path below /v/ and in the query elsewhere: neither is written down.
map $request_uri $revisit_path {{
    "~^(?<door>/[vq]/)" $door;
    "~^(?<path>[^?]*)" $path;
}}
log_format revisit '$remote_addr [$time_local] "$request_method $revisit_path" $status $body_bytes_sent';

server {{
    listen {listen};
    server_name {name};
{tls}    access_log {logs}/revisit.access.log revisit;
    # The lines of lower levels quote the request with its query.
    error_log {logs}/revisit.error.log crit;
    client_max_body_size {body};
    server_tokens off;
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header Connection "";
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_read_timeout 120s;
    gzip on;
    gzip_vary on;

    location /s/ {{
        root {folder};
        types {{ text/html html; }}
        charset utf-8;
        etag off;
        if_modified_since off;
        error_page 418 = @collector;
        if ($request_method !~ "^(GET|HEAD)$") {{ return 418; }}
        add_header ETag $revisit_etag always;
        add_header Content-Security-Policy $revisit_policy always;
{headers}        if ($revisit_known = $revisit_etag) {{ return 304; }}
        try_files "${{uri}}index.html" @collector;
    }}
    location / {{ proxy_pass http://{collector}; }}
    location @collector {{ proxy_pass http://{collector}; }}
}}
"""

_CADDY = """\
# Revisit behind Caddy. Written by: revisit webserver caddy
# Write it anew and reload Caddy after each revisit build; until then Caddy shows the former pages, whole.

{address} {{
	encode gzip
	request_body {{
		max_size {body}
	}}
	# A link's code stands in the path below /v/ and in the query elsewhere: neither is written down.
	log {{
		format filter {{
			wrap json
			fields {{
				request>uri regexp "^(/[vq]/|[^?]*).*$" "$1"
				request>headers delete
				resp_headers delete
			}}
		}}
	}}
	map {{path}} {{policy}} {{
{policies}		default ""
	}}
	@page {{
		method GET HEAD
		path /s/*
		not vars {{policy}} ""
		file {{
			root {folder}
			try_files {{path}}index.html
		}}
	}}
	# Caddy itself breaks off while it passes such a body on, and would blame the collector.
	@large header_regexp Content-Length {large}
	handle @large {{
		respond "This is more than a form can hold." 413
	}}
	handle @page {{
		header {{
{headers}			Content-Security-Policy {{policy}}
		}}
		root * {folder}
		file_server
	}}
	handle {{
		reverse_proxy {collector}
	}}
}}
"""
