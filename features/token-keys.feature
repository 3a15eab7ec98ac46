Feature: Token keys
  A token opens the tasks under a key of the issuer's alone: no signature that fits every key, no encryption in
  its place, no key from where the token itself points.

  Background:
    Given Ann is signed in
    And Ann has a task
    And Ann's credential opens her tasks

  @token-psychic-signature-is-refused @must @critical @needs-jwt
  @defect-tv-ecdsa-zero-signature @rfc7518-3.4 @cve-2022-21449 @cwe-347
  Scenario Outline: A token <forged> is refused
    When an attacker presents Ann's credential <forged>
    Then it is refused

    Examples:
      | forged                                       |
      | with an ECDSA signature of zeros             |
      | with an ECDSA signature of the curve's order |

  @token-encrypted-to-public-key-is-refused @must @critical @needs-jwt @needs-jwks
  @defect-tv-jwe-encrypted-to-public-key-accepted @rfc8725-2.3 @cve-2023-51774 @cwe-347
  Scenario: A token that is encrypted in place of signed is refused
    When an attacker presents Ann's credential encrypted with the published public key
    Then it is refused

  @token-key-is-fetched-from-no-header @must @critical @needs-jwt
  @defect-tv-jku-x5u-followed @rfc7515-4.1.2 @rfc7515-4.1.5 @rfc8725-3.10 @asvs-9.1.3 @part-of-asvs-1.3.6 @cwe-918 @cwe-347
  Scenario Outline: A token's own <header> leads to no key
    Given an attacker serves keys of their own
    When an attacker signs a token of Ann's with a key at its own <header>
    Then it is refused
    And none of the attacker's keys was asked for

    Examples:
      | header                                      |
      | jku                                         |
      | x5u                                         |
      | jku with the issuer's host as its user name |

  @token-keys-can-rotate @should @high @needs-jwt @needs-rotate-keys
  @defect-tv-key-rotation-breaks @rfc7517-4.5 @asvs-9.1.3
  Scenario: A change of the signing key locks no user out
    When the deployment changes its signing key, and Ann gets a new token
    Then Ann's token from before the change still opens her tasks
    And Ann's token from after the change opens her tasks
