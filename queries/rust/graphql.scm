; GraphQL servers: async-graphql and juniper, methods in an `impl` with their attribute.
; Root types are told by their names (`Query`, `QueryRoot`, `UserMutation`). Known misses: methods under `#[graphql(skip)]` count;
; resolvers of fields of other types do not.

((definition kind: "method" name: _ @endpoint.route receiver: (name) @_type attribute: [(call callee: (_) @_object) (_) @_object]) @endpoint
  (#is? @_object "async_graphql::Object" "juniper::graphql_object")
  (#match? @_type "Query(Root)?$|Queries$|^QueryRoot$")
  (#set! endpoint.method "QUERY"))
((definition kind: "method" name: _ @endpoint.route receiver: (name) @_type attribute: [(call callee: (_) @_object) (_) @_object]) @endpoint
  (#is? @_object "async_graphql::Object" "juniper::graphql_object")
  (#match? @_type "Mutation(Root)?$|Mutations$|^MutationRoot$")
  (#set! endpoint.method "MUTATION"))
((definition kind: "method" name: _ @endpoint.route receiver: (name) @_type attribute: [(call callee: (_) @_object) (_) @_object]) @endpoint
  (#is? @_object "async_graphql::Subscription" "juniper::graphql_subscription")
  (#match? @_type "Subscriptions?(Root)?$")
  (#set! endpoint.method "SUBSCRIPTION"))
