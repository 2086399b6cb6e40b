; FastAPI Users 10 to 15 with its SQLAlchemy and Beanie stores: tables that its base classes name, what a user database and a
; manager of users read and write. A class that names its table itself keeps that name.
; Known misses: routes of the ready routers (`get_auth_router`), who is logged in behind `current_user(..)`.

(stub ["fastapi_users.db.SQLAlchemyBaseUserTable" "fastapi_users.db.SQLAlchemyBaseUserTableUUID" "fastapi_users_db_sqlalchemy.SQLAlchemyBaseUserTableUUID"]
  extends: "fastapi_users_db_sqlalchemy.SQLAlchemyBaseUserTable")
(stub ["fastapi_users.db.SQLAlchemyBaseOAuthAccountTable" "fastapi_users.db.SQLAlchemyBaseOAuthAccountTableUUID" "fastapi_users_db_sqlalchemy.SQLAlchemyBaseOAuthAccountTableUUID"]
  extends: "fastapi_users_db_sqlalchemy.SQLAlchemyBaseOAuthAccountTable")
(stub "fastapi_users_db_sqlalchemy.access_token.SQLAlchemyBaseAccessTokenTableUUID" extends: "fastapi_users_db_sqlalchemy.access_token.SQLAlchemyBaseAccessTokenTable")

((definition kind: "type" base: (_) @_base) @definition.entity
  (#is? @_base "fastapi_users_db_sqlalchemy.SQLAlchemyBaseUserTable") (#set! entity.store "user")
  (#set! column.more "id=UUID email=VARCHAR(320) hashed_password=VARCHAR(1024) is_active=BOOLEAN is_superuser=BOOLEAN is_verified=BOOLEAN"))
((definition kind: "type" base: (_) @_base) @definition.entity
  (#is? @_base "fastapi_users_db_sqlalchemy.SQLAlchemyBaseOAuthAccountTable") (#set! entity.store "oauth_account")
  (#set! column.more "id=UUID oauth_name=VARCHAR(100) access_token=VARCHAR(1024) expires_at=INTEGER refresh_token=VARCHAR(1024) account_id=VARCHAR(320) account_email=VARCHAR(320)"))
((definition kind: "type" base: (_) @_base) @definition.entity
  (#is? @_base "fastapi_users_db_sqlalchemy.access_token.SQLAlchemyBaseAccessTokenTable") (#set! entity.store "accesstoken")
  (#set! column.more "token=VARCHAR(43) created_at=TIMESTAMP"))

; A database of users is about the type that it was made with, or that its type names.
(stub ["fastapi_users_db_sqlalchemy.SQLAlchemyUserDatabase" "fastapi_users.db.SQLAlchemyUserDatabase"]
  returns: "fastapi_users_db_sqlalchemy.SQLAlchemyUserDatabase" subject: argument[1])
(stub "fastapi_users.db.SQLAlchemyUserDatabase" same: "fastapi_users_db_sqlalchemy.SQLAlchemyUserDatabase")
(stub ["fastapi_users.manager.BaseUserManager" "fastapi_users.BaseUserManager"] extends: "fastapi_users.UserStore!")
(stub "fastapi_users_db_sqlalchemy.SQLAlchemyUserDatabase" extends: "fastapi_users.UserStore!")
(stub ["fastapi_users.manager.BaseUserManager.user_db" "fastapi_users.BaseUserManager.user_db"] is: "fastapi_users_db_sqlalchemy.SQLAlchemyUserDatabase" subject: owner)
(stub ["fastapi_users.UserStore!.get" "fastapi_users.UserStore!.get_by_email" "fastapi_users.UserStore!.get_by_oauth_account" "fastapi_users.UserStore!.create"
       "fastapi_users.UserStore!.update" "fastapi_users.UserStore!.authenticate" "fastapi_users.UserStore!.verify" "fastapi_users.UserStore!.reset_password"
       "fastapi_users.UserStore!.oauth_callback" "fastapi_users.UserStore!.delete"] returns: subject of: ["base[0]"])

((call receiver: (_) @access.receiver method: ["get" "get_by_email" "get_by_oauth_account" "create" "update" "delete"] @access.verb) @access
  (#type? @access.receiver "fastapi_users_db_sqlalchemy.SQLAlchemyUserDatabase")
  (#set! access.select "get get_by_email get_by_oauth_account") (#set! access.insert "create") (#set! access.update "update") (#set! access.delete "delete"))
; A manager looks who is there already, and hands on to its database.
((call receiver: (_) @_manager
       method: ["get" "get_by_email" "get_by_oauth_account" "authenticate" "create" "update" "delete" "verify" "reset_password"] @access.verb) @access @access.target
  (#type? @_manager "fastapi_users.manager.BaseUserManager" "fastapi_users.BaseUserManager") (#set! access.foreign)
  (#set! access.select "get get_by_email get_by_oauth_account authenticate") (#set! access.insert "create")
  (#set! access.update "update verify reset_password") (#set! access.delete "delete") (#set! access.reads "create verify reset_password")
  (#set! access.confidence "likely"))
