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
