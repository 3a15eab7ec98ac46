Feature: Token verification
  The tasks are opened by what the deployment issued alone: an access token, or a session cookie.
  Nothing missing, forged or altered opens any, on any route or method.

  Background:
    Given Ann is signed in
    And Ann has a task
    And Ann's credential opens her tasks

  @token-missing-is-refused @must @critical @core
  @defect-tv-missing-token-accepted @rfc9110-15.5.2 @asvs-8.2.1 @api2-2023 @wstg-athn-04 @cwe-306
  Scenario Outline: No anonymous client may <call> a task
    Given Ann can <call> her tasks
    When an anonymous client tries to <call> Ann's tasks
    Then it is refused

    Examples:
      | call    |
      | list    |
      | create  |
      | read    |
      | replace |
      | update  |
      | delete  |

  @token-is-verified-on-every-route @must @critical @core @needs-tasks
  @defect-tv-route-missing-guard @asvs-9.1.1 @asvs-8.2.1 @api5-2023 @api2-2023 @wstg-athz-02 @cwe-862
  Scenario Outline: No forged credential may <call> a task
    Given Ann can <call> her tasks
    When an attacker with a forgery of Ann's credential tries to <call> her tasks
    Then it is refused

    Examples:
      | call    |
      | list    |
      | create  |
      | read    |
      | replace |
      | update  |
      | delete  |

  @token-signature-is-verified @must @critical @core @needs-jwt
  @defect-tv-signature-not-verified @rfc7519-7.2 @rfc7515-5.2 @asvs-9.1.1 @wstg-sess-10 @cwe-347
  Scenario Outline: A token <forged> is refused
    When an attacker presents Ann's credential <forged>
    Then it is refused

    Examples:
      | forged                                  |
      | with changed claims under the old signature |
      | with a changed header under the old signature |
      | with a damaged signature                |

  @token-signed-with-another-key-is-refused @must @critical @core @needs-jwt
  @defect-tv-wrong-key-accepted @rfc7515-5.2 @asvs-9.1.1 @wstg-sess-10 @cwe-347
  Scenario: A token signed with another key is refused
    When an attacker presents Ann's credential signed with another key
    Then it is refused

  @token-algorithm-none-is-refused @must @critical @core @needs-jwt
  @defect-tv-alg-none-accepted @rfc8725-3.1 @rfc8725-3.2 @rfc7518-3.6 @part-of-asvs-9.1.2 @wstg-sess-10 @cve-2015-9235 @cwe-347
  Scenario: A token with the algorithm "none" is refused
    When an attacker presents Ann's credential with the algorithm "none"
    Then it is refused

  @token-algorithm-none-in-any-case-is-refused @must @critical @core @needs-jwt
  @defect-tv-alg-none-case-variant @rfc8725bis-2.11 @rfc8725bis-3.1 @part-of-asvs-9.1.2 @wstg-sess-10 @cwe-178 @cwe-347
  Scenario Outline: A token with the algorithm "<spelling>" is refused like "none"
    When an attacker presents Ann's credential with the algorithm "<spelling>"
    Then it is refused

    Examples:
      | spelling |
      | None     |
      | NONE     |
      | nOnE     |
      | NoNe     |

  @token-without-signature-is-refused @must @critical @core @needs-jwt
  @defect-tv-empty-signature-accepted @rfc7515-5.2 @asvs-9.1.1 @cve-2020-28042 @cwe-347
  Scenario Outline: A token <forged> is refused under its own algorithm
    When an attacker presents Ann's credential <forged>
    Then it is refused

    Examples:
      | forged                  |
      | with an empty signature |
      | without a third segment |

  @token-secret-is-not-guessable @must @critical @core @needs-jwt
  @defect-tv-weak-or-default-secret @rfc8725-3.5 @api2-2023 @wstg-sess-10 @cwe-1391 @cwe-798
  Scenario: No placeholder or dictionary word may sign the tokens
    When an attacker tries well-known secrets on Ann's token, offline
    Then none of them is its signing secret

  @token-algorithm-confusion-is-refused @must @critical @core @needs-jwt @needs-jwks
  @defect-tv-alg-confusion-public-key-as-hmac @rfc8725-2.1 @rfc8725-3.1 @part-of-asvs-9.1.2 @wstg-sess-10 @cve-2015-9235 @cve-2022-29217 @cve-2024-33663 @cwe-347
  Scenario: A token signed by HMAC with the published public key is refused
    When an attacker presents Ann's credential signed by HMAC with the public key as the secret
    Then it is refused

  @token-verifier-fails-closed @must @critical @core @needs-tasks
  @defect-tv-fail-open-on-error @asvs-16.5.3 @ghsa-8fpg-xm3f-6cx3 @cwe-636
  Scenario Outline: Verification fails closed on a credential <forged>
    When an attacker presents Ann's credential <forged>
    Then it is refused

    Examples:
      | forged                                 |
      | with an unknown algorithm              |
      | with an unknown key id and another key |
      | malformed in every known way           |

  @token-malformed-creates-no-task @must @critical @core @needs-tasks
  @defect-tv-fail-open-on-error @asvs-16.5.3 @cwe-636
  Scenario: No malformed credential may create a task
    Given Ann can create her tasks
    When an attacker tries to create a task of Ann's with credentials malformed in every known way
    Then it is refused

  @token-is-verified-on-further-routes @must @critical @needs-further-routes
  @defect-tv-route-missing-guard @asvs-8.2.1 @api5-2023 @api2-2023 @wstg-athz-02 @cwe-306 @cwe-862
  Scenario Outline: No further route opens to an attacker with <kind>
    Given Ann can call every further route
    When an attacker calls every further route for Ann's data with <kind>
    Then every one of them is refused

    Examples:
      | kind                |
      | no credential       |
      | a forged credential |
