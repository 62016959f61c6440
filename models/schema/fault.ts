/** Every error code that a person can meet, with its cure; the troubleshooting page lists the same, a test checks. */

/** `status` is the HTTP status it has at the API. `{…}` in a cure is filled by whoever raises the fault. */
export const FAULTS = {
  // configuration and start
  'config-invalid': {
    status: 500,
    title: 'The configuration is not valid',
    cure: 'Correct the key that is named; docs/config.example.yaml lists all of them.',
  },
  'nats-missing': {
    status: 500,
    title: 'No nats-server was found',
    cure: 'Install it (Debian: apt-get install nats-server), or set NATS_URL to a server you run.',
  },
  'port-taken': {
    status: 500,
    title: 'A port is taken by another program',
    cure: 'End that program, or choose another port in the configuration.',
  },
  'data-locked': {
    status: 500,
    title: 'The data folder is in use',
    cure: 'Another Sharp Eyes runs on it; stop that one, or set SHARP_EYES_DATA_DIR to another folder.',
  },
  'broker-unreachable': {
    status: 503,
    title: 'NATS does not answer',
    cure: 'See that nats-server runs and NATS_URL is right; messages wait in the spool meanwhile.',
  },
  'store-unreachable': {
    status: 503,
    title: 'ClickHouse does not answer',
    cure: 'See that the store runs and CLICKHOUSE_URL is right; messages wait in NATS meanwhile.',
  },
  'terms-behind': {
    status: 503,
    title: 'Leases give lower terms than the store knows',
    cure: 'See that the broker’s clock is right; then remove the stream KV_sharpeyes_leases (nats stream rm, or, with everything stopped, its folder below data/nats). It is made anew with higher terms.',
  },
  'totals-lacking': {
    status: 503,
    title: 'Hours lack their totals of areas',
    cure: 'Wait: analytics fills in a week of hours in ten seconds, and dashboards are right meanwhile, only slower. If there are always new ones, an analytics process of an older version closes hours beside this one: stop it.',
  },
  'process-missing': {
    status: 503,
    title: 'A process that is needed does not answer',
    cure: 'Start it: ./sharp-eyes up, or its role where roles run alone; its log says why it ended.',
  },
  'stream-filling': {
    status: 507,
    title: 'The stream of detections is nearly full',
    cure: 'See that analytics and the store run and are well; where they only are slow, start another ./sharp-eyes analytics.',
  },
  'messages-waiting': {
    status: 503,
    title: 'Messages wait to be stored',
    cure: 'See that analytics and the store run and are well; where they only are slow, start another ./sharp-eyes analytics.',
  },
  'disk-full': {
    status: 507,
    title: 'The disk has no room',
    cure: 'Free some space or lower the retention; it goes on by itself once there is room.',
  },
  'api-unreachable': {
    status: 503,
    title: 'Sharp Eyes does not run here',
    cure: 'Start it with ./sharp-eyes up (or demo), or name another one with SHARP_EYES_URL and SHARP_EYES_TOKEN.',
  },
  'start-failed': {
    status: 500,
    title: 'A part did not start',
    cure: 'Read the log that is named; ./sharp-eyes doctor says more.',
  },
  // values
  'no-city-cameras': {
    status: 409,
    title: 'The demo’s city is not in this site',
    cure: 'Start it with ./sharp-eyes demo (without --footage), wait until its cameras are registered, and try again.',
  },

  'invalid-value': { status: 400, title: 'A value is not valid', cure: 'Correct the field that is named.' },
  'not-found': { status: 404, title: 'There is no such thing', cure: 'List what exists and use an id from there.' },
  'already-exists': { status: 409, title: 'The id is taken', cure: 'Choose another id, or edit the existing one.' },
  'changed-meanwhile': {
    status: 409,
    title: 'Somebody else changed it first',
    cure: 'Read it again and repeat your change.',
  },
  'calibration-collinear': {
    status: 422,
    title: 'The calibration points lie on one line',
    cure: 'Pick points that span an area: two near, two far, left and right.',
  },
  'calibration-poor': {
    status: 422,
    title: 'The calibration does not fit its points',
    cure: 'Correct the point that is named as the worst, or remove it.',
  },
  'calibration-unfit': {
    status: 422,
    title: 'What was given makes no calibration',
    cure: 'Correct the value that is named; docs/cameras.md says what each way of calibrating needs.',
  },
  'calibration-turned': {
    status: 409,
    title: 'The camera does not stand where it is to be calibrated',
    cure: 'Turn it to the preset, wait until it stands still, and calibrate again.',
  },
  'polygon-invalid': {
    status: 422,
    title: 'The polygon is not valid',
    cure: 'Correct the place that is named and import again.',
  },
  // division into areas
  'crs-suspected': {
    status: 422,
    title: 'The file seems to be in other coordinates',
    cure: 'Say which they are: --crs gcj02 or bd09 (converted), or --crs wgs84 if you are sure.',
  },
  'area-file-unreadable': {
    status: 422,
    title: 'The file of areas cannot be read',
    cure: 'Correct the place that is named, or save it anew as GeoJSON, shapefile, KML or GeoPackage: docs/grids.md.',
  },
  'area-file-large': {
    status: 413,
    title: 'The file of areas is too large',
    cure: 'Simplify the borders (a corner every 5 to 10 m is enough), or import it in parts: parents first.',
  },
  'division-faulty': {
    status: 409,
    title: 'The division has gaps, overlaps or wrong parents',
    cure: 'Correct what ./sharp-eyes grid check lists, or publish it as it is: --with-faults; the version says so.',
  },
  'area-needed': {
    status: 409,
    title: 'The area is still needed',
    cure: 'Move or change what is named (cameras, scopes, rules, channels), or say the option that is named: docs/grids.md.',
  },
  // registry of cameras
  'sheet-unreadable': {
    status: 422,
    title: 'The sheet of cameras cannot be read',
    cure: 'Save it as CSV with a header row, or as YAML; docs/cameras.md lists the columns.',
  },
  'totals-unreadable': {
    status: 422,
    title: 'The sheet of totals cannot be read',
    cure: 'Give it the columns area, figure, value, as_of and source, one total a row: docs/table.md.',
  },
  'personal-record': {
    status: 422,
    title: 'The file holds records of persons',
    cure: 'Sum it up first: only totals per area are taken, never who. Remove the column or row that is named.',
  },
  'change-not-applied': {
    status: 504,
    title: 'A change has not reached the worker',
    cure: 'It is stored and will be taken up; ./sharp-eyes doctor says whether the worker is well.',
  },
  // rights
  unauthenticated: {
    status: 401,
    title: 'You are not signed in',
    cure: 'Sign in, or send a token: Authorization: Bearer …',
  },
  forbidden: {
    status: 403,
    title: 'You have no right to do this',
    cure: 'Ask an administrator for the role or the area.',
  },
  'too-many-attempts': { status: 429, title: 'Too many failed sign-ins', cure: 'Wait a minute, then try again.' },
  'oidc-unset': {
    status: 404,
    title: 'No provider for signing in is set up',
    cure: 'Sign in with a password, or set oidcIssuer (docs/sign-in.md).',
  },
  'oidc-unreachable': {
    status: 503,
    title: 'The provider of the sign-in does not answer',
    cure: 'Sign in with a password, or try again later; see that oidcIssuer is right and can be reached from the API.',
  },
  'oidc-refused': {
    status: 401,
    title: 'The sign-in at the provider did not come to an end',
    cure: 'Begin again from the sign-in page, in one window, within ten minutes; the audit log says what was wrong.',
  },
  'oidc-unmapped': {
    status: 403,
    title: 'None of your groups at the provider may come in',
    cure: 'Ask an administrator to put you into a group that oidcGroups names, or to name one of yours there.',
  },
  'oidc-switched-off': {
    status: 403,
    title: 'This user is switched off here',
    cure: 'Ask an administrator to switch it on again.',
  },
  'too-many-streams': {
    status: 429,
    title: 'Too many streams are open',
    cure: 'Close a live view or a query that nobody watches, then try again.',
  },
  'too-many-queries': {
    status: 429,
    title: 'Too many figures are asked for at once',
    cure: 'Wait for the answers that are on their way, then ask again.',
  },
  // alerts and where they go
  'alert-stream-slow': {
    status: 408,
    title: 'The stream of alerts was not taken',
    cure: 'Come back with the last sequence you had: nothing is lost. Where it happens again, the line or the program is too slow.',
  },
  'alert-stream-reset': {
    status: 503,
    title: 'The stream of alerts was begun anew',
    cure: 'Come back without a sequence; what was raised before is in the list of alerts.',
  },
  'channel-inner': {
    status: 422,
    title: 'The channel leads to an address inside',
    cure: 'Name a public address, or allow inner ones with webhookInnerAllowed (SHARP_EYES_WEBHOOK_INNER_ALLOWED) where that is meant.',
  },
  'channel-unreachable': {
    status: 502,
    title: 'The channel’s receiver does not answer',
    cure: 'See that it runs and can be reached from here; what could not be delivered is sent again, and kept when it is given up.',
  },
  'channel-refused': {
    status: 502,
    title: 'The channel’s receiver refuses what is sent',
    cure: 'See what it answers: the address, the secret or the user may be wrong. Then send the dead letters again.',
  },
  'channel-untried': {
    status: 503,
    title: 'Nobody is there to send a test',
    cure: 'See whether the process "alerts" runs (./sharp-eyes doctor), then try again.',
  },
  'subscription-not-applied': {
    status: 504,
    title: 'The broker has not taken up the subscription',
    cure: 'See that Sharp Eyes started the broker itself and its log names no error, then try again.',
  },
  'subscription-elsewhere': {
    status: 409,
    title: 'The broker is not ours to change',
    cure: 'NATS_URL names a server of yours: make the user there with the permissions that are named.',
  },
  // live video
  'video-codec': {
    status: 415,
    title: 'The video’s codec cannot be shown as video',
    cure: 'Pictures are shown instead. For video set the stream that people watch to H.264.',
  },
  'video-masked': {
    status: 415,
    title: 'The camera has privacy masks',
    cure: 'Pictures are shown instead, with the masked parts blanked: the video’s packets would show them.',
  },
  'video-slow': {
    status: 408,
    title: 'The live video was not taken',
    cure: 'The line to this screen is too slow for the stream: give the camera a smaller one for people, or open fewer.',
  },
  'video-moved': {
    status: 503,
    title: 'The camera changed its worker',
    cure: 'The live video opens again by itself.',
  },
  'upgrade-required': {
    status: 426,
    title: 'This answers WebSockets only',
    cure: 'Open it as a WebSocket, as the page does; live.mjpeg and picture.jpg answer plain requests.',
  },
  // cameras
  'camera-refused': {
    status: 502,
    title: 'The camera refused the connection',
    cure: 'See that the address and port are right and RTSP is switched on.',
  },
  'camera-unreachable': {
    status: 502,
    title: 'The camera’s host cannot be reached',
    cure: 'See that the host name is right, the camera has power and the network leads there.',
  },
  'camera-unauthorised': {
    status: 502,
    title: 'The camera refused the user or the password',
    cure: 'Correct user and password; after several failures cameras lock out for 5 to 30 minutes.',
  },
  'camera-not-found': {
    status: 502,
    title: 'The camera has no stream at this path',
    cure: 'Correct the path of the URL; the camera’s own page shows it.',
  },
  'camera-timed-out': {
    status: 504,
    title: 'The camera did not answer in time',
    cure: 'See whether the network drops packets, or use TCP if you use UDP.',
  },
  'camera-no-video': {
    status: 502,
    title: 'The stream has no video',
    cure: 'Choose a profile of the camera that carries video.',
  },
  'camera-codec': { status: 502, title: 'The codec is not supported', cure: 'Set the camera to H.264 or H.265.' },
  'camera-frozen': {
    status: 502,
    title: 'The stream is open but brings no pictures',
    cure: 'It is reconnected by itself; restart the camera if it stays so.',
  },
  'camera-ended': {
    status: 502,
    title: 'The camera ended the stream',
    cure: 'It is reconnected by itself; look for a restart or a session limit of the camera.',
  },
  'camera-garbage': {
    status: 502,
    title: 'The pictures cannot be decoded',
    cure: 'Use TCP, and see the camera’s encoder settings and its network.',
  },
  // what a camera's pictures show
  'picture-black': {
    status: 502,
    title: 'The picture is black',
    cure: 'Look whether the lens is capped or the camera’s light and iris work; a dark place needs a lamp or infra-red.',
  },
  'picture-white': {
    status: 502,
    title: 'The picture is over-exposed',
    cure: 'Look at the camera’s exposure and iris, and whether sun or a lamp shines into the lens.',
  },
  'picture-covered': {
    status: 502,
    title: 'Something hides the view',
    cure: 'Look at the picture and send somebody to clear or clean the lens; if the view was built over, calibrate anew.',
  },
  'picture-blurred': {
    status: 502,
    title: 'The picture is out of focus',
    cure: 'Let the camera focus anew, or clean its window of dirt, drops and webs.',
  },
  'picture-frozen': {
    status: 502,
    title: 'The picture stands still',
    cure: 'Restart the camera: its encoder sends the same picture again and again.',
  },
  'view-moved': {
    status: 502,
    title: 'The camera looks elsewhere',
    cure: 'Turn it back, or calibrate it anew for what it sees now; until then what it sees is counted, but not placed.',
  },
  // devices: ONVIF and logins
  'camera-not-onvif': {
    status: 502,
    title: 'The device does not speak ONVIF here',
    cure: 'See that ONVIF is switched on and the port is the one of its web page (80, 8000, 8080, 8899); else add the camera by its RTSP address.',
  },
  'camera-answer-broken': {
    status: 502,
    title: 'The device’s answer cannot be read',
    cure: 'Update its firmware; if that does not help, add the camera by its RTSP address.',
  },
  'camera-elsewhere': {
    status: 502,
    title: 'The device sends us to another host',
    cure: 'Name that host yourself if it is right; nothing is asked that nobody named.',
  },
  'camera-login-needed': {
    status: 502,
    title: 'The device wants a user and a password',
    cure: 'Name its user with --user; the password is asked for, or read from --password-file or SHARP_EYES_PASSWORD.',
  },
  'camera-locked': {
    status: 502,
    title: 'The device has locked the user out',
    cure: 'Wait 30 minutes without any login to it, other programs included: each try starts the lock anew. Or restart the device.',
  },
  'camera-forbidden': {
    status: 502,
    title: 'The device’s user has not the right',
    cure: 'Give the user the right to see video and media settings (the level Operator or Media user), or use another one.',
  },
  'camera-clock': {
    status: 502,
    title: 'The device refuses the time of the login',
    cure: 'Set the device’s clock and time zone, best by NTP, then try again.',
  },
  'camera-needs-sha-256': {
    status: 502,
    title: 'The device wants a digest that cannot be computed here',
    cure: 'Allow MD5 beside SHA-256 in the device’s security settings (often called “digest algorithm”), for RTSP too.',
  },
  'camera-basic-only': {
    status: 502,
    title: 'The device takes the password readable only',
    cure: 'Switch digest authentication on in the device, or allow it with --basic where nobody else listens on the network.',
  },
  'probe-busy': {
    status: 429,
    title: 'The worker proves other devices already',
    cure: 'Wait for one of them to end, then ask again.',
  },
  'file-missing': {
    status: 404,
    title: 'There is no such file',
    cure: 'Correct the path; it is read on the machine of the ingest worker.',
  },
  'file-unreadable': {
    status: 422,
    title: 'The file is no video that FFmpeg reads',
    cure: 'Play it with another player; convert it if that fails too.',
  },
  'file-outside': {
    status: 403,
    title: 'The file lies outside of the media folders',
    cure: 'Move it into data/media, or add its folder to mediaDirs (SHARP_EYES_MEDIA_DIRS) where API and workers run.',
  },
  'file-format': {
    status: 422,
    title: 'The file is no container of video',
    cure: 'Convert it: ffmpeg -i <file> -c copy <new>.mp4. Playlists, image sequences and devices cannot be cameras.',
  },
  'no-worker': {
    status: 503,
    title: 'No ingest worker has the camera',
    cure: 'Start one (./sharp-eyes up, or ./sharp-eyes ingest), or raise SHARP_EYES_WORKER_CAMERAS; ./sharp-eyes doctor says more.',
  },
  // discovery
  'range-too-large': {
    status: 400,
    title: 'The range has too many addresses',
    cure: 'Name smaller ones: a /22 takes half a minute, a /16 a quarter of an hour.',
  },
  'discovery-busy': {
    status: 409,
    title: 'A search for devices is under way',
    cure: 'Wait until it is over: each ingest worker searches for one person at a time.',
  },
  // events
  'camera-no-events': {
    status: 502,
    title: 'The device has no ONVIF events',
    cure: 'Nothing has to be done: motion is seen in the picture. Some devices have events to be switched on.',
  },
  'camera-events-full': {
    status: 502,
    title: 'The device gives out no more event subscriptions',
    cure: 'End another program that listens to it; forgotten subscriptions end by themselves, or with a restart of the device.',
  },
  'camera-events-lost': {
    status: 502,
    title: 'The device has lost the event subscription',
    cure: 'It is made anew by itself; look for restarts of the device if it comes often.',
  },
  'camera-events-silent': {
    status: 502,
    title: 'The device tells no events',
    cure: 'See that motion detection and tampering are switched on in the device; restart it if they are.',
  },
  // models
  'model-missing': {
    status: 404,
    title: 'No model is there',
    cure: 'Name one: ./sharp-eyes model add --file x.onnx --like yolox, then set SHARP_EYES_MODEL.',
  },
  'model-mismatch': {
    status: 422,
    title: 'The model is not what its manifest says',
    cure: 'Correct the field of the manifest that is named.',
  },
  'model-not-onnx': {
    status: 422,
    title: 'The model file is no ONNX model',
    cure: 'See that it is whole and not a page in its place, and export the model to ONNX where it has another format.',
  },
  'model-size': {
    status: 422,
    title: 'The model takes pictures of another size, or fewer at once',
    cure: 'Write the width, height and maxBatch that the file has into the manifest, or export the model with open ones; `larger` wants an open width and height.',
  },
  'model-layout': {
    status: 422,
    title: 'The model takes the colours in another place',
    cure: 'Set input.layout to nchw where the three colours come before height and width, to nhwc where they come last.',
  },
  'model-classes': {
    status: 422,
    title: 'The model knows another number of classes',
    cure: 'Set classCount to what it was trained on (COCO: 80), and classes to which of them are kinds of ours.',
  },
  'model-outputs': {
    status: 422,
    title: 'The model answers in other outputs',
    cure: 'Name its outputs in the order in which the decoder reads them, or name another decoder; the message says what the file has.',
  },
  'model-checksum': {
    status: 422,
    title: 'The model file is not the one of its manifest',
    cure: 'Fetch the file again, or correct sha256 in the manifest.',
  },
  'provider-unavailable': {
    status: 503,
    title: 'A model does not run on the execution provider that was asked for',
    cure: 'It runs on the CPU meanwhile. Install what the message names (docs/execution-providers.md), or take the provider out of executionProviders.',
  },
  'download-unreachable': {
    status: 502,
    title: 'The publisher of the model cannot be reached',
    cure: 'See that this machine has a network that leads there (behind a proxy: NODE_USE_ENV_PROXY=1 and HTTPS_PROXY), or name a mirror with --from.',
  },
  'download-refused': {
    status: 502,
    title: 'The publisher does not give the model out',
    cure: 'A 404 says that it was moved: open the address in a browser, or name another place with --from.',
  },
  'download-timed-out': {
    status: 504,
    title: 'The model did not arrive in time',
    cure: 'Run the same command again: it goes on where it ended.',
  },
  'download-broken-off': {
    status: 502,
    title: 'The download of the model broke off',
    cure: 'Run the same command again: it goes on where it ended.',
  },
  'download-wrong-size': {
    status: 502,
    title: 'The download is not of the size of the model',
    cure: 'It is another file, or a page in its place: open the address in a browser, or name another place with --from.',
  },
  // pictures of alerts, and the audit log
  'evidence-missing': {
    status: 404,
    title: 'There are no pictures of this alert',
    cure: 'Its entry says why; pictures of an alert that was just raised come some seconds after it.',
  },
  'evidence-forgotten': {
    status: 410,
    title: 'The worker does not remember the pictures of that time any more',
    cure: 'Raise evidenceRingS or evidenceRingMb; a worker that begins anew remembers nothing of before.',
  },
  'evidence-silent': {
    status: 404,
    title: 'The camera brought no pictures at that time',
    cure: 'The state of the camera says why it was down.',
  },
  'evidence-not-cut': {
    status: 500,
    title: 'No clip could be made of the camera’s pictures',
    cure: 'Let the camera send H.264 or H.265; the message says what failed.',
  },
  'evidence-crowded': {
    status: 503,
    title: 'More clips are asked for than can be made',
    cure: 'Most are made once it is quieter; make the rules that fire so often stricter, or add workers.',
  },
  'evidence-deleted': {
    status: 410,
    title: 'The pictures of this alert have been deleted',
    cure: 'They are kept as long as evidenceCriticalDays and its like say, or until the room for them is full.',
  },
  'evidence-unreachable': {
    status: 503,
    title: 'Where pictures of alerts are kept cannot be reached',
    cure: 'See that evidenceDir can be written, or that the bucket of evidenceS3Url answers and its keys are right.',
  },
  'audit-broken': {
    status: 409,
    title: 'The audit log is not what was written',
    cure: 'Compare the line that is named with a backup, and find out who could write to the folder of the log.',
  },
  'audit-unwritable': {
    status: 503,
    title: 'The audit log cannot be written, so nothing is shown that must stand in it',
    cure: 'See that the folder audit below the data folder can be written and the disk has room.',
  },
  // rules
  'rule-shape': {
    status: 400,
    title: 'A line or zone of a rule is none',
    cure: 'Draw it again: a line of points that differ, a zone whose sides do not cross.',
  },
  'rule-outside-picture': {
    status: 400,
    title: 'A rule is drawn outside of the picture',
    cure: 'Points of a picture are fractions from 0 to 1, from the upper left corner.',
  },
  'rule-scope': {
    status: 400,
    title: 'A rule for an area is drawn on one picture',
    cure: 'Name the camera instead of the area, or draw it on the ground (space: ground).',
  },
  'rule-limit-missing': {
    status: 400,
    title: 'A rule has no limit',
    cure: 'Say above or below (aboveKmh or belowKmh for a speed).',
  },
  'rule-contradiction': {
    status: 400,
    title: 'A rule can never hold',
    cure: 'Change the numbers that are named.',
  },
  'rule-uncalibrated': {
    status: 409,
    title: 'A rule needs a calibrated camera',
    cure: 'Calibrate the camera (./sharp-eyes camera calibrate), or draw on the picture and ask for no speed or density.',
  },
  'rule-camera-unknown': {
    status: 400,
    title: 'A rule names a camera that is not registered',
    cure: 'Correct the id; ./sharp-eyes camera list shows those there are.',
  },
  'rule-area-unknown': {
    status: 400,
    title: 'A rule names an area that does not exist',
    cure: 'Correct the id; the map and ./sharp-eyes table show the areas.',
  },
  'rule-time-zone': {
    status: 400,
    title: 'A rule names a time zone that does not exist',
    cure: 'Write it as the time zone database does: Asia/Shanghai, Europe/Paris.',
  },
  'rule-schedule': {
    status: 400,
    title: 'A span of a rule’s schedule is none',
    cure: 'Write spans as from 22:00 to 06:00; an end that is not after the begin is on the next day.',
  },
  'rule-text': {
    status: 400,
    title: 'A rule’s text has a field that does not exist',
    cure: 'Use {rule} {camera} {area} {kind} {count} {value} {limit} {time}.',
  },
  'rule-learning': {
    status: 409,
    title: 'A rule still learns what is normal',
    cure: 'Wait: it needs the same hour of three earlier weeks, watched for at least half of it.',
  },
  'rule-failed': {
    status: 500,
    title: 'A rule failed while it ran and was put aside',
    cure: 'The others go on. Change the rule, or switch it off and on, to try it again; the log has the error.',
  },
  // writing and trying rules
  'rule-invalid': {
    status: 400,
    title: 'The rule is not as rules are written',
    cure: 'Correct the fields that are named; docs/alerts.md shows every condition with an example.',
  },
  'rule-file-invalid': {
    status: 400,
    title: 'The file of rules cannot be read',
    cure: 'Correct the line that is named; docs/alerts.md shows how rules are written in YAML.',
  },
  'quiet-invalid': {
    status: 400,
    title: 'The quiet span cannot be',
    cure: 'Correct its times, then send it again.',
  },
  'rule-try-busy': {
    status: 429,
    title: 'Another rule is being tried',
    cure: 'Wait until it is done; rules are tried one at a time, so that live alerts are not slowed.',
  },
  'rule-try-failed': {
    status: 500,
    title: 'The rule could not be tried to its end',
    cure: 'Try a shorter time or fewer cameras; the log of the rule engine says more.',
  },
  'rules-behind': {
    status: 503,
    title: 'Rules work on what was seen some time ago',
    cure: 'Wait if they were down: they catch up. Else see whether the clocks of cameras are right, and the load.',
  },
  'no-rule-engine': {
    status: 503,
    title: 'No rule engine is there',
    cure: 'See whether the process "rules" runs (./sharp-eyes doctor); it comes back by itself where it was killed.',
  },
  // queries
  'query-failed': {
    status: 400,
    title: 'ClickHouse refused the query',
    cure: 'Correct the query as ClickHouse’s message says.',
  },
  'panel-invalid': {
    status: 400,
    title: 'A panel of your own is not as panels are written, and is left out',
    cure: 'Correct what the reason names; docs/dashboards.md shows a whole one. Then start the API again.',
  },
  'query-too-long': {
    status: 408,
    title: 'The query took too long',
    cure: 'Ask for a shorter time range or fewer columns.',
  },
  'check-failed': { status: 500, title: 'A check did not pass', cure: 'Read what it printed above.' },
  internal: {
    status: 500,
    title: 'Something failed that should not',
    cure: 'Look into the log; the entry has the same request id.',
  },
} as const satisfies Record<string, { status: number; title: string; cure: string }>;

export type FaultCode = keyof typeof FAULTS;

export function isFaultCode(text: unknown): text is FaultCode {
  return typeof text === 'string' && Object.hasOwn(FAULTS, text);
}

/** An error with a code that a person can look up. `message` says what failed, what was expected and what came. */
export class FaultError extends Error {
  readonly code: FaultCode;
  readonly cure: string;
  /** The ids to find it by: camera, area, file … */
  readonly about: Readonly<Record<string, unknown>>;

  constructor(
    code: FaultCode,
    message: string,
    options: { cause?: unknown; about?: Record<string, unknown>; cure?: string } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'FaultError';
    this.code = code;
    this.cure = options.cure ?? FAULTS[code].cure;
    this.about = options.about ?? {};
  }
}

/** The code of any error: its own where it is one of ours, `internal` otherwise. */
export function faultCodeOf(error: unknown): FaultCode {
  const code = (error as { code?: unknown } | null)?.code;
  return isFaultCode(code) ? code : 'internal';
}
