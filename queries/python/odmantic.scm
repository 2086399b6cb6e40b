; ODMantic: models with model_config or Config.collection, engines and sessions that are handed the model or the row.
; Known misses: rows in lists put together elsewhere, references that load along.

((definition kind: "type" member[model_config]: (definition value: (mapping key[collection]: (text) @entity.store))) @definition.entity
  (#is? @definition.entity "odmantic.Model") (#set! store.kind "collection") (#set! entity.columns "fields"))
((definition kind: "type" member[Config]: (definition member[collection]: (definition value: (text) @entity.store))) @definition.entity
  (#is? @definition.entity "odmantic.Model") (#set! store.kind "collection") (#set! entity.columns "fields"))
((definition kind: "type" member[__collection__]: (definition value: (text) @entity.store)) @definition.entity
  (#is? @definition.entity "odmantic.Model") (#set! store.kind "collection") (#set! entity.columns "fields"))
((definition kind: "type") @definition.entity
  (#is? @definition.entity "odmantic.Model") (#set! store.kind "collection") (#set! entity.store "{name|-Model|snake}") (#set! entity.columns "fields"))

(stub "odmantic.model.Model" same: "odmantic.Model")
(stub ["odmantic.AIOEngine" "odmantic.SyncEngine" "odmantic.engine.AIOEngine" "odmantic.engine.SyncEngine"
       "odmantic.session.AIOSession" "odmantic.session.SyncSession" "odmantic.session.AIOTransaction" "odmantic.session.SyncTransaction"] extends: "odmantic.engine.BaseEngine")
(stub "odmantic.engine.BaseEngine.session" returns: "odmantic.session.AIOSession")
(stub "odmantic.engine.BaseEngine.transaction" returns: "odmantic.session.AIOTransaction")
(stub "odmantic.engine.BaseEngine.find" returns: "odmantic.engine.AIOCursor" subject: argument[0])
(stub "odmantic.engine.BaseEngine.find_one" returns: subject subject: argument[0])
(stub "odmantic.engine.AIOCursor.[]" returns: subject)

((call receiver: (_) @access.receiver method: _ @access.verb argument[0]: (_) @access.target) @access
  (#type? @access.receiver "odmantic.engine.BaseEngine")
  (#set! access.select "find find_one count") (#set! access.upsert "save save_all") (#set! access.delete "delete remove") (#set! access.told "true"))
