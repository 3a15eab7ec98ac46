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
  @defect-tv-signature-not-verified @defect-tv-verification-cache-ignores-signature @rfc7519-7.2 @rfc7515-5.2 @asvs-9.1.1 @wstg-sess-10 @cwe-347
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

  @token-algorithm-none-signed-is-refused @must @critical @needs-jwt
  @defect-tv-alg-none-with-signature @rfc8725-3.1 @part-of-asvs-9.1.2 @cwe-347
  Scenario Outline: A token <forged> is refused as well
    When an attacker presents Ann's credential <forged>
    Then it is refused

    Examples:
      | forged                                              |
      | with the algorithm "none" over its old signature    |
      | with the algorithm "none" over a damaged signature  |

  @token-signature-is-compared-whole @must @critical @needs-jwt
  @defect-tv-signature-prefix-compare @rfc7515-5.2 @asvs-9.1.1 @cwe-347
  Scenario Outline: A token <forged> alone is refused
    When an attacker presents Ann's credential <forged>
    Then it is refused

    Examples:
      | forged                                        |
      | with the first 4 characters of its signature  |
      | with the first 20 characters of its signature |
      | with the first 40 characters of its signature |

  @token-empty-key-is-refused @must @critical @needs-jwt
  @defect-tv-empty-key-accepted @rfc7518-3.2 @rfc8725-3.5 @cwe-1391 @cwe-347
  Scenario: A token signed with an empty key is refused
    When an attacker presents Ann's credential signed with an empty key
    Then it is refused

  @token-brings-no-key-of-its-own @must @critical @needs-jwt
  @defect-tv-embedded-jwk-trusted @defect-tv-x5c-trusted @rfc7515-4.1.3 @rfc7515-4.1.6 @asvs-9.1.3 @cve-2018-0114 @cwe-345 @cwe-347
  Scenario Outline: A token <forged> is not trusted for that
    When an attacker presents Ann's credential <forged>
    Then it is refused

    Examples:
      | forged                                             |
      | signed with a key pair that its own header names   |
      | signed with a secret that its own header names     |
      | signed with a certificate that its own header brings |

  @token-key-id-leads-to-no-file @must @critical @needs-jwt
  @defect-tv-kid-path-traversal @rfc8725-3.10 @rfc7515-4.1.4 @cwe-22
  Scenario: A key id is no path to a file with a known content
    When an attacker presents Ann's credential with the path of an empty file as its key id
    Then it is refused

  @token-key-id-is-no-query @must @critical @needs-jwt
  @defect-tv-kid-sql-injection @rfc8725-3.10 @cwe-89
  Scenario: A key id is no query that yields a key of the attacker's
    When an attacker presents Ann's credential with a query for a key as its key id
    Then it is refused

  @token-of-no-published-key-is-refused @must @critical @needs-jwt @needs-jwks
  @defect-tv-unknown-kid-fallback @rfc7517-4.5 @asvs-9.1.3 @part-of-asvs-16.5.3 @cwe-636 @cwe-347
  Scenario Outline: A token <forged> is refused where keys are published
    When an attacker presents Ann's credential <forged>
    Then it is refused

    Examples:
      | forged                                 |
      | with an unknown key id and another key |
      | without a key id and with another key  |

  @token-has-three-segments @must @medium @needs-jwt
  @defect-tv-extra-segments-accepted @rfc7515-7.1 @rfc7519-7.2 @cwe-20
  Scenario: A token with segments that no signature covers is refused
    When an attacker presents Ann's credential with further segments
    Then it is refused

  @token-is-not-json @must @high @needs-jwt
  @defect-tv-unsigned-json-serialization @rfc7519-1 @cwe-436
  Scenario: A token in JSON serialization is refused
    When an attacker presents Ann's credential in JSON, with other claims
    Then it is refused

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

  @token-critical-header-is-understood @must @medium @needs-shared-secret
  @defect-tv-crit-ignored @rfc7515-4.1.11 @cve-2026-32597 @cwe-345
  Scenario: A token with an unknown critical header is refused
    Given a clone of Ann's token opens her tasks
    When an attacker presents a rightly signed token of Ann's with an unknown critical header
    Then it is refused

  @token-is-refused-before-its-time @must @high @needs-shared-secret
  @defect-tv-nbf-ignored @rfc7519-4.1.5 @part-of-asvs-9.2.1 @cwe-672
  Scenario: A token that is not valid yet is refused
    Given a clone of Ann's token opens her tasks
    When an attacker presents a rightly signed token of Ann's that is valid in an hour
    Then it is refused

  @token-of-another-issuer-is-refused @should @medium @needs-shared-secret
  @defect-tv-iss-not-checked @rfc8725-3.8 @rfc9068-4 @part-of-asvs-10.3.3
  Scenario: A token of another issuer is refused
    Given a clone of Ann's token opens her tasks
    When an attacker presents a rightly signed token of Ann's of another issuer
    Then it is refused

  @token-issuer-is-compared-exactly @must @medium @needs-shared-secret
  @defect-tv-iss-partial-match @rfc9068-4 @cve-2024-53861 @cwe-697
  Scenario Outline: A token <wrong> is of another issuer
    Given a clone of Ann's token opens her tasks
    And no token of Ann's of another issuer opens her tasks
    When an attacker presents a rightly signed token of Ann's <wrong>
    Then it is refused

    Examples:
      | wrong                                  |
      | of an issuer that begins like its own  |
      | of an issuer that ends like its own    |
      | of the beginning of its issuer         |
      | of its issuer in upper case            |

  @token-for-another-audience-is-refused @must @high @needs-shared-secret
  @defect-tv-aud-not-checked @rfc7519-4.1.3 @rfc8725-3.9 @part-of-asvs-9.2.3 @cwe-863
  Scenario Outline: A token <wrong> is refused by this one
    Given a clone of Ann's token opens her tasks
    When an attacker presents a rightly signed token of Ann's <wrong>
    Then it is refused

    Examples:
      | wrong                          |
      | for another audience           |
      | for a list of other audiences  |

  @token-names-a-person @must @high @needs-shared-secret
  @defect-tv-sub-missing-accepted @rfc8725-3.8 @part-of-asvs-10.3.3 @cwe-287
  Scenario Outline: A token <wrong> names no person and is refused
    Given a clone of Ann's token opens her tasks
    When an attacker presents a rightly signed token of Ann's <wrong>
    Then it is refused

    Examples:
      | wrong                 |
      | without a subject     |
      | with an empty subject |

  @expiry-token-has-exp @must @high @core @expiry @needs-jwt
  @defect-ex-issued-token-without-exp @rfc9068-2.2 @cwe-613
  Scenario: An issued token has an expiry
    When Ann requests an access token
    Then the token has an exp claim

  @expiry-token-expires-within-ten-years @must @medium @expiry @needs-jwt
  @defect-ex-issued-lifetime-excessive @rfc7519-2 @cwe-613
  Scenario: An issued token expires within ten years
    When Ann requests an access token
    Then the token's exp is at most ten years from now, counted in seconds

  @token-leeway-is-of-minutes @should @medium @needs-shared-secret
  @defect-ex-leeway-excessive @rfc7519-4.1.4 @cwe-613
  Scenario Outline: A token <wrong> is not taken for clocks that differ
    Given a clone of Ann's token opens her tasks
    When an attacker presents a rightly signed token of Ann's <wrong>
    Then it is refused

    Examples:
      | wrong                        |
      | that ended ten minutes ago   |
      | that ended half an hour ago  |

  @token-lacks-no-usual-claim @should @high @needs-shared-secret
  @defect-tv-required-claim-absent-accepted @defect-ex-exp-missing-accepted @defect-tv-aud-missing-accepted @rfc7519-4.1 @rfc8725-3.8 @rfc8725-3.9 @part-of-asvs-9.2.1 @cwe-613
  Scenario Outline: A token <wrong> is refused where issued ones have it
    Given a clone of Ann's token opens her tasks
    When an attacker presents a rightly signed token of Ann's <wrong>
    Then it is refused

    Examples:
      | wrong               |
      | without an end      |
      | without an issuer   |
      | without an audience |

  @token-end-is-never-none @must @high @needs-shared-secret
  @defect-ex-exp-zero-or-negative-accepted @rfc7519-4.1.4 @cwe-613 @cwe-697
  Scenario Outline: A token <wrong> has ended
    Given a clone of Ann's token opens her tasks
    When an attacker presents a rightly signed token of Ann's <wrong>
    Then it is refused

    Examples:
      | wrong           |
      | with the end 0  |
      | with the end -1 |

  @token-end-is-a-number @must @high @needs-shared-secret
  @defect-ex-exp-wrong-type-accepted @rfc7519-4.1.4 @cwe-1287 @cwe-613
  Scenario Outline: A token <wrong> has no end and is refused
    Given a clone of Ann's token opens her tasks
    When an attacker presents a rightly signed token of Ann's <wrong>
    Then it is refused

    Examples:
      | wrong                      |
      | with the end "tomorrow"    |
      | with a date for its end    |
      | with a past end as text    |
      | with the end true          |
      | with a list for its end    |
      | with an object for its end |

  @token-algorithm-is-pinned @should @low @needs-shared-secret
  @defect-tv-alg-not-pinned @rfc8725-3.1 @part-of-asvs-9.1.2
  Scenario Outline: A token <wrong> is refused where another algorithm is declared
    Given a clone of Ann's token opens her tasks
    When an attacker presents a rightly signed token of Ann's <wrong>
    Then it is refused

    Examples:
      | wrong             |
      | signed with HS256 |
      | signed with HS384 |
      | signed with HS512 |

  @token-algorithm-is-spelt-exactly @should @low @needs-shared-secret
  @defect-tv-alg-case-insensitive @rfc7515-4.1.1
  Scenario: A token with its algorithm in lower case is refused
    Given a clone of Ann's token opens her tasks
    When an attacker presents a rightly signed token of Ann's with its algorithm in lower case
    Then it is refused

  @token-secret-is-long-enough @should @medium @needs-shared-secret
  @defect-tv-secret-too-short @rfc7518-3.2 @cwe-326
  Scenario: The signing secret is no shorter than its hash
    When an attacker tries well-known secrets on Ann's token, offline
    Then the secret that signed Ann's token is as long as its hash

  @token-keys-are-public @must @critical @needs-jwks
  @defect-tv-jwks-leaks-private-material @rfc7517-9.2 @part-of-asvs-13.3.1 @cwe-200 @cwe-522
  Scenario: Nothing private is among the published keys
    When an anonymous client reads the keys that verify Ann's token
    Then none of the keys holds a private or symmetric part

  @token-keys-are-sound @should @medium @needs-jwks
  @defect-tv-jwks-weak-or-bad-key @rfc7518-3.3 @rfc7517-4.5 @cwe-326
  Scenario: No published key is weak, or confused with another
    When an anonymous client reads the keys that verify Ann's token
    Then none of the keys is weak, and each has an id of its own

  @token-verifies-with-a-published-key @must @high @needs-jwt @needs-jwks
  @defect-tv-issued-token-does-not-verify @rfc7517-4.5 @asvs-9.1.1
  Scenario: An issued token verifies with a published key
    When an anonymous client reads the keys that verify Ann's token
    Then one of the keys verifies Ann's token

  @token-no-other-value-is-taken @should @high @needs-token
  @defect-tv-other-token-accepted-as-access-token @rfc8725-2.8 @rfc8725-3.12 @asvs-9.2.2 @cwe-345
  Scenario Outline: No user's tasks open to <value> in place of an access token
    Given Ann's token opens her tasks
    When an attacker presents <value> in place of Ann's access token
    Then it is refused

    Examples:
      | value                        |
      | her session cookie           |
      | a part of her session cookie |
      | another of her cookies       |

  @expiry-accepted-token-is-refused-later @must @high @expiry @needs-token @needs-shared-secret
  @defect-ex-cached-token-outlives-exp @rfc7519-4.1.4 @asvs-9.2.1 @cwe-613 @cwe-672
  Scenario: A token that was accepted before it expired is refused afterwards
    Given Ann's token opens her tasks
    When an attacker presents a token of Ann's after its end that was accepted before it
    Then it is refused
