@observation
Feature: Observations
  Every response of the run is examined for what it reveals in passing: errors, cookies, headers and pages. Nothing is
  attacked here: the responses to other scenarios are judged once more, after them.

  Background:
    Given Ann is signed in
    And Ann has a task
    And Ann and an anonymous client have asked for her places

  @error-leaks-no-internals @must @medium
  @defect-eh-stack-trace-leak @asvs-16.5.1 @wstg-errh-01 @cwe-209
  Scenario: No response reveals a stack trace, a query or a path of the server
    When each response of this run is examined
    Then no response of the run shows a stack trace, a query or a path of the server

  @error-leaks-no-secret @must @critical
  @defect-eh-secret-or-token-in-error @part-of-asvs-16.5.1 @cwe-209
  Scenario: Errors hold neither the signing secret nor, for anonymous clients, a user's data
    When each response of this run is examined
    Then no response of the run is an error with the secret, or with a user's data for anonymous clients

  @error-repeats-no-credential @should @critical
  @defect-eh-secret-or-token-in-error @cwe-209 @cwe-532
  Scenario: Errors do not repeat the credential of their request
    When each response of this run is examined
    Then no response of the run is an error that repeats the credential of its request

  @error-repeats-no-password @should @low
  @defect-eh-validation-echoes-password @part-of-asvs-14.2.6 @cwe-209
  Scenario: Errors do not repeat the password of their request
    When each response of this run is examined
    Then no response of the run is an error that repeats the password of its request

  @error-unauthorized-has-challenge @must @low @needs-token
  @defect-eh-401-without-challenge @rfc9110-11.6.1 @rfc6750-3
  Scenario: Each 401 of the API says how to authenticate
    When each response of this run is examined
    Then no response of the run is a 401 of the API without WWW-Authenticate

  @redirect-has-no-credential @must @high
  @defect-si-credentials-in-redirect @part-of-rfc9700-4.12 @asvs-14.2.1 @cwe-598
  Scenario: No redirect leads to an address with a password or a credential
    When each response of this run is examined
    Then no response of the run redirects to an address with a password or a credential

  @signin-is-not-redirected-with-its-body @should @high
  @defect-si-credentials-in-redirect @rfc9700-4.12
  Scenario: No sign-in is redirected with its body
    When each response of this run is examined
    Then no response of the run redirects a sign-in with its body

  @cookie-samesite-none-is-secure @must @medium
  @defect-ck-samesite-none-without-secure @rfc6265bis-5.7 @part-of-asvs-3.3.1
  Scenario: Each cookie with SameSite=None is Secure
    When each response of this run is examined
    Then no response of the run sets a cookie with SameSite=None and without Secure

  @cookie-prefix-is-obeyed @must @medium
  @defect-ck-prefix-violated @rfc6265bis-4.1.3
  Scenario: Each cookie has what the prefix of its name demands
    When each response of this run is examined
    Then no response of the run sets a cookie that breaks the rule of its prefix

  @cookie-session-has-a-prefix @should @medium @needs-https
  @defect-ck-prefix-violated @part-of-asvs-3.3.1 @part-of-asvs-3.3.3
  Scenario: The name of the session cookie has a prefix
    When each response of this run is examined
    Then no response of the run sets a session cookie without a prefix

  @cookie-session-is-samesite @should @medium
  @defect-ck-samesite-none-or-missing @asvs-3.3.2 @rfc6265bis-4.1.2.7 @cwe-1275
  Scenario: The session cookie is SameSite=Lax or SameSite=Strict
    When each response of this run is examined
    Then no response of the run sets a session cookie without SameSite=Lax or Strict

  @cookie-session-stays-on-its-host @should @low
  @defect-ck-domain-too-wide @part-of-asvs-3.3.3 @rfc6265bis-4.1.2.3 @cwe-1275
  Scenario: The Domain of the session cookie is not wider than the deployment's host
    When each response of this run is examined
    Then no response of the run sets a session cookie for other hosts

  @caching-tokens-are-not-stored @should @medium
  @defect-hc-credential-answer-cacheable @rfc6749-5.1 @asvs-14.3.2 @cwe-524
  Scenario: A response that hands out a token forbids storing it
    When each response of this run is examined
    Then no response of the run hands out a token without Cache-Control: no-store

  @caching-private-responses-restrict-storage @should @low
  @defect-hc-no-store-missing @part-of-asvs-14.3.2 @wstg-athn-06 @cwe-525
  Scenario: A private response says no-store, private or no-cache
    When each response of this run is examined
    Then no response of the run is private without Cache-Control: no-store, private or no-cache

  @json-is-not-labelled-html @must @medium
  @defect-hc-wrong-content-type @asvs-4.1.1 @cwe-79 @cwe-436
  Scenario: JSON with a user's text is not labelled HTML
    When each response of this run is examined
    Then no response of the run is JSON with a user's text labelled text/html

  @header-forbids-sniffing @should @low
  @defect-hc-nosniff-missing @asvs-3.4.4
  Scenario: Each response forbids content sniffing
    When each response of this run is examined
    Then no response of the run lacks X-Content-Type-Options: nosniff

  @page-says-who-may-frame-it @should @low @needs-pages
  @defect-hc-framing-allowed @part-of-asvs-3.4.6 @wstg-clnt-09 @cwe-1021
  Scenario: The sign-in page and the protected pages say who may frame them
    When each response of this run is examined
    Then no response of the run is a page that any site may frame

  @header-demands-https @should @low @needs-https
  @defect-hc-hsts-missing @asvs-3.4.1 @wstg-conf-07 @cwe-319
  Scenario: Each response over https demands https for a year
    When each response of this run is examined
    Then no response of the run lacks Strict-Transport-Security

  @caching-varies-by-credential @should @low
  @defect-hc-vary-missing-on-cacheable @rfc9110-12.5.5 @rfc9111-4.1 @cwe-524
  Scenario: A cacheable response that depends on the credential names it in Vary
    When each response of this run is examined
    Then no response of the run depends on the credential and is kept without Vary

  @caching-varies-by-origin @should @low
  @defect-cs-cors-vary-missing @rfc9110-12.5.5 @rfc9111-4.1
  Scenario: A cacheable response that depends on the Origin names it in Vary
    When each response of this run is examined
    Then no response of the run depends on the Origin and is kept without Vary

  @error-problem-details-are-valid @should @low
  @defect-eh-problem-json-invalid @rfc9457-3.1
  Scenario: Each application/problem+json is valid
    When each response of this run is examined
    Then no response of the run is an invalid application/problem+json

  @cookie-is-set-to-one-value @may @low
  @defect-ck-duplicate-set-cookie @rfc6265bis-4.1.1
  Scenario: No response sets one cookie to two values
    When each response of this run is examined
    Then no response of the run sets one cookie to two values

  @caching-renewed-session-is-not-shared @must @high @needs-pages
  @defect-hc-session-cookie-on-shared-answer @rfc9111-7.3 @part-of-asvs-14.2.2 @cwe-524
  Scenario: No response that shared caches may store sets a cookie that signs in
    When Ann opens the public pages and the files of her page, each time her session is due for renewal
    And each response of this run is examined
    Then no response of the run lets shared caches keep a cookie that signs in

  @page-holds-no-password-or-session @must @critical @needs-pages
  @defect-ui-secret-in-page-data @part-of-asvs-14.2.6 @cwe-200 @cwe-522
  Scenario: No page holds a password, its hash or a session cookie
    When each response of this run is examined
    Then no response of the run is a page with a password, its hash or a session cookie

  @script-holds-no-secret @must @critical @needs-pages
  @defect-ui-secret-in-client-assets @part-of-asvs-13.3.1 @cwe-540 @cwe-798
  Scenario: No page, script or source map has a secret of the server
    When an attacker downloads each page of Ann's and its scripts
    Then none of it has a secret of the server
