; dropshot 0.9 to 0.16: attributes on functions, and traits that describe an API and are answered by the types that implement them.
; Known misses: descriptions that are nested below a path by what stands around them, which of several versions of a route counts.

(stub ["dropshot::RequestContext" "dropshot::Path" "dropshot::Query" "dropshot::TypedBody" "dropshot::Header" "dropshot::HttpResponseOk"
       "dropshot::HttpResponseCreated" "dropshot::HttpResponseAccepted"] wraps: 0)
(stub ["dropshot::RequestContext::context" "dropshot::Path::into_inner" "dropshot::Query::into_inner" "dropshot::TypedBody::into_inner"]
  returns: self)
(stub ["dropshot::HttpResponseOk" "dropshot::HttpResponseCreated" "dropshot::HttpResponseAccepted"] returns: argument[0])

; #[endpoint { method = GET, path = "/orders/{id}" }] async fn show(rqctx: RequestContext<..>, ..)
(definition kind: "function"
  attribute: (call callee: [(name "endpoint") (member name: "endpoint")] @_mark keyword[method]: (name) @endpoint.method keyword[path]: (string) @endpoint.route)
  (#is? @_mark "dropshot::endpoint")) @endpoint
(definition kind: "function"
  attribute: (call callee: [(name "channel") (member name: "channel")] @_mark keyword[path]: (string) @endpoint.route)
  (#is? @_mark "dropshot::channel")
  (#set! endpoint.method "GET")) @endpoint

; #[dropshot::api_description] trait Shop { #[endpoint { .. }] async fn show(..) -> ..; }: the trait's macro reads the marks.
(definition kind: "method"
  inside: (definition kind: "interface" attribute: [(name "api_description") @_api (member name: "api_description") @_api
    (call callee: [(name "api_description") (member name: "api_description")] @_api)])
  attribute: (call callee: [(name "endpoint") (member name: "endpoint")] keyword[method]: (name) @endpoint.method keyword[path]: (string) @endpoint.route)
  (#is? @_api "dropshot::api_description")
  (#set! endpoint.handler "implementing")) @endpoint
(definition kind: "method"
  inside: (definition kind: "interface" attribute: [(name "api_description") @_api (member name: "api_description") @_api
    (call callee: [(name "api_description") (member name: "api_description")] @_api)])
  attribute: (call callee: [(name "channel") (member name: "channel")] keyword[path]: (string) @endpoint.route)
  (#is? @_api "dropshot::api_description")
  (#set! endpoint.method "GET")
  (#set! endpoint.handler "implementing")) @endpoint
