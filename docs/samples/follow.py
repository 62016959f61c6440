"""Follows the alerts of an area over server-sent events: python3 docs/samples/follow.py <url> <token> [area]"""
import sys
import urllib.request

url, token, *area = sys.argv[1:]
query = "?area=" + area[0] if area else ""
last = ""
while True:
    headers = {"Authorization": "Bearer " + token} | ({"Last-Event-ID": last} if last else {})
    with urllib.request.urlopen(urllib.request.Request(url + "/api/v1/alert-stream" + query, headers=headers)) as stream:
        for line in map(bytes.decode, stream):
            if line.startswith("id: "):
                last = line[4:].strip()
            if line.startswith("data: "):
                print(line[6:].strip(), flush=True)
