Feature: Token claims
  A rightly signed token is its subject's, whatever else it says. A claim of a wrong type is refused or ignored,
  and breaks nothing.

  Background:
    Given Ann and Bob are signed in
    And Ann and Bob each have a task
    And Ann's credential opens her tasks
    And a clone of Ann's token opens her tasks

  @token-address-is-no-identity @must @high @needs-shared-secret
  @defect-is-identity-by-email-claim @rfc8725-3.8 @part-of-asvs-10.3.3 @cwe-639
  Scenario: The address in a token doesn't say whose it is
    When an attacker asks for Bob's tasks with a token of Ann's that has his address
    Then it is refused or has no effect

  @token-claim-of-another-type-breaks-nothing @should @low @needs-shared-secret
  @defect-eh-claims-type-5xx @part-of-asvs-16.5.3 @cwe-755 @cwe-1287
  Scenario Outline: A token that has <odd> breaks nothing
    When an attacker lists tasks with tokens of Ann's that have <odd>
    Then none of them breaks the API or opens Bob's tasks

    Examples:
      | odd                             |
      | null for a claim                |
      | a list for a claim              |
      | an object for a claim           |
      | a number for a text             |
      | a number without end for a time |
      | a claim nested 3000 deep        |

  @token-repeated-subject-is-the-last @may @low @needs-shared-secret
  @defect-tv-duplicate-claims-first-wins @rfc7519-4 @rfc7515-4 @cwe-436
  Scenario: A token with two subjects is not the first one's
    When an attacker asks for Bob's tasks with a token of Ann's that names him first and her last
    Then it is refused or has no effect

  @token-type-is-the-declared-one @may @low @needs-shared-secret
  @defect-tv-typ-not-checked @rfc8725-3.11 @rfc9068-4
  Scenario Outline: A token <wrong> is refused where tokens are declared to have another
    When an attacker presents a rightly signed token of Ann's <wrong>
    Then it is refused

    Examples:
      | wrong                  |
      | of the type logout+jwt |
      | of the type JWT        |
      | without a type         |
