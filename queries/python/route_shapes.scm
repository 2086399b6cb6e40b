; What looks like a route by its shape: a decorator called like a router's method, with a path. Where no pattern tells an endpoint
; there, the place is a blind spot.
; Known misses: paths that do not begin with a slash or are no text; registrations by calls.

((definition kind: ["function" "method"]
   attribute: (call callee: (member name: ["route" "get" "post" "put" "patch" "delete" "websocket" "api_route"]) argument[0]: (text) @_path))
   @endpoint.hint
  (#match? @_path "^/"))

; Routes that stand in an OpenAPI file: connexion reads it when it runs.
((call receiver: (_) @_app method: "add_api") @endpoint.hint
  (#type? @_app "connexion.FlaskApp" "connexion.AsyncApp" "connexion.App" "connexion.apps.flask_app.FlaskApp" "connexion.FlaskApi"))
