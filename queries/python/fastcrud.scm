; FastCRUD 0.15 to 0.16: objects made for a model (`FastCRUD(Order)`, also by way of `FastCRUD[Order, ..]`) and their methods. Models are SQLAlchemy's.
; Known misses: classes of the program's own below it, what filters look up, `joins_config`, the routes that `crud_router` makes.

(stub ["fastcrud.crud.FastCRUD" "fastcrud.crud.fast_crud.FastCRUD"] same: "fastcrud.FastCRUD")
(stub "fastcrud.FastCRUD" returns: "fastcrud.FastCRUD" subject: argument[0])
(stub ["fastcrud.FastCRUD.create" "fastcrud.FastCRUD.get"] returns: subject)
((call receiver: (_) @access.receiver method: _ @access.verb) @access
  (#type? @access.receiver "fastcrud.FastCRUD")
  (#set! access.select "get get_multi get_joined get_multi_joined get_multi_by_cursor exists count")
  (#set! access.insert "create") (#set! access.update "update") (#set! access.upsert "upsert upsert_multi")
  ; A row that has a mark for it is kept, and marked as deleted.
  (#set! access.delete "delete db_delete") (#set! access.reads "update upsert upsert_multi delete db_delete") (#set! access.foreign))
((call receiver: (_) @_crud method: ["get_joined" "get_multi_joined"] keyword[join_model]: (_) @access.target) @access
  (#type? @_crud "fastcrud.FastCRUD") (#set! operation "select") (#set! access.join "true") (#set! access.foreign))
