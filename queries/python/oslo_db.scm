; oslo.db: the engine facade's readers and writers, as context managers and as decorators (18.1, oslo_db/sqlalchemy/enginefacade.py).
; Known misses: sessions of a context under other names than `session`.

(stub ["oslo_db.sqlalchemy.enginefacade.transaction_context" "oslo_db.sqlalchemy.enginefacade.get_legacy_facade"
       "oslo_db.sqlalchemy.enginefacade.LegacyEngineFacade" "oslo_db.sqlalchemy.session.EngineFacade"
       "oslo_db.sqlalchemy.enginefacade.LegacyEngineFacade.from_config" "oslo_db.sqlalchemy.session.EngineFacade.from_config"]
  returns: "oslo_db.sqlalchemy.enginefacade.Facade")
(stub "oslo_db.sqlalchemy.enginefacade.Facade.get_session" returns: "sqlalchemy.orm.Session")
(stub "oslo_db.sqlalchemy.enginefacade.Facade.get_engine" returns: "sqlalchemy.engine.Engine")
(stub ["oslo_db.sqlalchemy.enginefacade.writer" "oslo_db.sqlalchemy.enginefacade.Facade.writer"
       "oslo_db.sqlalchemy.enginefacade.Writer.independent" "oslo_db.sqlalchemy.enginefacade.Writer.savepoint"] is: "oslo_db.sqlalchemy.enginefacade.Writer")
(stub ["oslo_db.sqlalchemy.enginefacade.reader" "oslo_db.sqlalchemy.enginefacade.Facade.reader" "oslo_db.sqlalchemy.enginefacade.Reader.async_"
       "oslo_db.sqlalchemy.enginefacade.Reader.allow_async" "oslo_db.sqlalchemy.enginefacade.Reader.independent"] is: "oslo_db.sqlalchemy.enginefacade.Reader")
(stub "oslo_db.sqlalchemy.enginefacade.Writer.using" returns: "oslo_db.sqlalchemy.enginefacade.Writing")
(stub "oslo_db.sqlalchemy.enginefacade.Reader.using" returns: "sqlalchemy.orm.Session")
(stub "oslo_db.sqlalchemy.enginefacade.Writing" extends: "sqlalchemy.orm.Session")
(stub ["oslo_db.sqlalchemy.enginefacade.Writer.connection" "oslo_db.sqlalchemy.enginefacade.Reader.connection"] is: "oslo_db.sqlalchemy.enginefacade.Connections")
(stub "oslo_db.sqlalchemy.enginefacade.Connections.using" returns: "sqlalchemy.engine.Connection")

; ---- the interface in front of one backend or another, named in a mapping; options by their defaults

(stub ["oslo_db.api.DBAPI" "oslo_db.api.DBAPI.from_config" "oslo_db.concurrency.TpoolDbapiWrapper"] returns: named[1])
(stub "oslo_config.cfg.CONF" is: "oslo_config.cfg.ConfigOpts")
(stub "oslo_config.cfg.ConfigOpts.find_file" returns: "str")
((call callee: (_) @_option argument[0]: (text) @provides.key keyword[default]: (text) @provides)
  (#is? @_option "oslo_config.cfg.StrOpt" "oslo_config.cfg.Opt") (#set! provides.name "oslo_config.cfg.ConfigOpts.{key}"))

; ---- queries and models

((call callee: (_) @_query argument[0]: (_) @access.target) @access
  (#is? @_query "oslo_db.sqlalchemy.utils.model_query") (#set! operation "select") (#set! access.bare "count exists subquery update delete soft_delete"))
(stub "oslo_db.sqlalchemy.utils.model_query" returns: "sqlalchemy.orm.Query" subject: argument[0])
(stub "oslo_db.sqlalchemy.utils.paginate_query" returns: argument[0])
(stub "oslo_db.sqlalchemy.orm.Query" same: "sqlalchemy.orm.Query")
(stub "oslo_db.sqlalchemy.orm.Session" same: "sqlalchemy.orm.Session")
; A row is marked, not taken out. `update` only sets attributes, `save` adds the row to the session and flushes it.
((call receiver: (_) @access.target method: "soft_delete") @access
  (#type? @access.target "oslo_db.sqlalchemy.models.SoftDeleteMixin") (#set! operation "update") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @access.target method: "update") @access
  (#type? @access.target "oslo_db.sqlalchemy.models.ModelBase") (#not-any-of? @access.target "self" "cls")
  (#set! operation "update") (#set! access.confidence "likely") (#set! access.pending "true") (#set! access.unmade) (#set! access.foreign))
((call receiver: (_) @access.target method: "save") @access
  (#type? @access.target "oslo_db.sqlalchemy.models.ModelBase") (#set! operation "upsert") (#set! access.confidence "likely") (#set! access.origin "id") (#set! access.foreign))

((with (_) @_writing) @transaction
  (#type? @_writing "oslo_db.sqlalchemy.enginefacade.Writing"))
((definition attribute: (_) @_writer) @transaction
  (#type? @_writer "oslo_db.sqlalchemy.enginefacade.Writer"))
