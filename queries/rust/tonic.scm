; tonic: methods of a service trait, whose first parameter is a `tonic::Request`.
; The path is the method's name below the trait's, as the contract writes them. Known misses: the package before the service, which
; stands in the .proto file.

(definition kind: "method" name: _ @endpoint.route implements: (_) @endpoint.prefix
  parameter[0]: (index base: (_) @_request)
  (#is? @_request "tonic::Request")
  (#set! endpoint.method "GRPC") (#set! endpoint.service)) @endpoint
(stub ["tonic::Request" "tonic::Response"] wraps: 0)
(stub ["tonic::Request::new" "tonic::Response::new"] returns: argument[0])
(stub ["tonic::Request::into_inner" "tonic::Response::into_inner" "tonic::Request::get_ref" "tonic::Response::get_ref"] returns: self)
