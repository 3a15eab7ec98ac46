Feature: Cross-site requests
  Another site can make a browser send requests. They change nothing here, and that site can't read the responses.

  @account-name-can-be-changed @must @medium
  @defect-av-own-account-operation-fails @functional
  Scenario: The deployment's own page can change a user's name
    Given Zoe has an account of her own
    When Zoe's own page changes her name
    Then Zoe's session has the new name

  @csrf-simple-request-changes-nothing @must @high @core
  @defect-cs-foreign-origin-accepted @asvs-3.5.1 @asvs-3.5.2 @wstg-sess-05 @cwe-352
  Scenario Outline: No page of another site may <action> with Zoe's cookies
    Given Zoe has an account of her own
    And Zoe's own page can <action>
    When a page of another site tries to <action> with Zoe's cookies, in every form that needs no preflight
    Then no attempt has an effect

    Examples:
      | action                   |
      | change her name          |
      | change her password      |
      | sign her out             |
      | end her other sessions   |
      | end one of her sessions  |
      | end all her sessions     |
      | use up her refresh token |
      | delete her account       |

  @csrf-json-request-changes-nothing @should @high @core
  @defect-cs-foreign-origin-accepted @asvs-3.5.1 @wstg-sess-05 @cwe-352
  Scenario Outline: No JSON request of another site may <action>, even without a preflight
    Given Zoe has an account of her own
    And Zoe's own page can <action>
    When a page of another site tries to <action> with Zoe's cookies, as JSON
    Then no attempt has an effect

    Examples:
      | action              |
      | change her name     |
      | change her password |
      | sign her out        |

  @csrf-lookalike-origin-changes-nothing @must @high
  @defect-cs-origin-match-flaw @asvs-3.5.1 @rfc6454-5 @cwe-346 @cwe-352
  Scenario Outline: No page of a look-alike origin may <action> with Zoe's cookies
    Given Zoe has an account of her own
    And Zoe's own page can <action>
    When pages of these origins try to <action> with Zoe's cookies
      | the own host with .evil.invalid after it |
      | the own host with evil before it         |
      | the own host with a letter for each dot  |
    Then no attempt has an effect

    Examples:
      | action          |
      | change her name |
      | sign her out    |

  @csrf-null-origin-changes-nothing @must @high
  @defect-cs-null-origin-accepted @asvs-3.5.1 @cwe-346 @cwe-352
  Scenario Outline: No page whose origin is null may <action> with Zoe's cookies
    Given Zoe has an account of her own
    And Zoe's own page can <action>
    When pages of these origins try to <action> with Zoe's cookies
      | null |
    Then no attempt has an effect

    Examples:
      | action          |
      | change her name |
      | sign her out    |

  @csrf-origin-is-compared-whole @should @high
  @defect-cs-origin-match-flaw @rfc6454-5 @cwe-346
  Scenario Outline: No page of another port or scheme may <action> with Zoe's cookies
    Given Zoe has an account of her own
    And Zoe's own page can <action>
    When pages of these origins try to <action> with Zoe's cookies
      | another port of the own host        |
      | the own host under the other scheme |
    Then no attempt has an effect

    Examples:
      | action          |
      | change her name |
      | sign her out    |

  @csrf-foreign-referer-changes-nothing @should @low
  @defect-cs-referer-not-checked @cwe-352
  Scenario Outline: No page of another site may <action> where the browser sends a Referer and no Origin
    Given Zoe has an account of her own
    And Zoe's own page can <action>
    When pages of these origins try to <action> with Zoe's cookies
      | none, with a Referer of another site |
    Then no attempt has an effect

    Examples:
      | action          |
      | change her name |
      | sign her out    |

  @csrf-body-of-any-type-changes-nothing @must @high
  @defect-cs-content-type-spelling @asvs-3.5.1 @asvs-3.5.2 @cwe-352
  Scenario: No page of another site may change her name by a body of a less usual type
    Given Zoe has an account of her own
    And Zoe's own page can change her name
    When a page of another site tries to change her name with Zoe's cookies, with less usual types of the body
    Then no attempt has an effect

  @csrf-front-end-is-protected @must @high @core @needs-session-tasks
  @defect-cs-foreign-origin-accepted @part-of-asvs-3.5.1 @part-of-asvs-3.5.2 @wstg-sess-05 @cwe-352
  Scenario Outline: No page of another site may <action> with Ann's cookies
    Given Ann is signed in
    And Ann's own page can <action>
    When a page of another site tries to <action> with Ann's cookies, in every form that needs no preflight
    Then no attempt has an effect, or SameSite withholds the cookie

    Examples:
      | action        |
      | create a task |
      | change a task |
      | delete a task |

  @csrf-front-end-does-not-rely-on-samesite @should @high @core @needs-session-tasks
  @defect-cs-foreign-origin-accepted @asvs-3.5.1 @asvs-3.5.2 @wstg-sess-05 @cwe-352
  Scenario Outline: No page of another site may <action>, even if SameSite withheld no cookie
    Given Ann is signed in
    And Ann's own page can <action>
    When a page of another site tries to <action> with Ann's cookies, in every form that needs no preflight
    And a page of another site tries to <action> with Ann's cookies, as JSON
    Then no attempt has an effect

    Examples:
      | action        |
      | create a task |
      | change a task |
      | delete a task |

  @csrf-get-request-changes-nothing @must @medium @needs-tasks
  @defect-cs-get-mutates @rfc9110-9.2.1 @asvs-3.5.3 @cwe-650 @cwe-352
  Scenario: No link changes a task
    Given Ann is signed in
    And Ann has a task
    And Ann can list her tasks
    When Ann's credential is sent with links of these kinds
      | to her task, with /delete after it                              |
      | to her task, with _method=DELETE                                |
      | to her list, with a new task in the query                       |
      | to her list with /create after it, with a new task in the query |
    Then none of them changes a task of Ann's

  @cors-foreign-origin-cannot-read @must @high @core
  @defect-cs-cors-reflects-origin @asvs-3.4.2 @wstg-clnt-07 @cwe-942 @cwe-346
  Scenario Outline: No script of another site may read the <place> with Ann's cookies
    Given Ann is signed in
    And Ann has a task
    And Ann's own session opens her <place>
    When a script of another site requests Ann's <place>, with and without a preflight
    Then no response allows that site to read it with credentials

    Examples:
      | place            |
      | session endpoint |
      | token endpoint   |
      | task list        |

  @cors-lookalike-origin-cannot-read @must @high
  @defect-cs-cors-null-or-lookalike @asvs-3.4.2 @wstg-clnt-07 @cwe-942 @cwe-346
  Scenario Outline: No script of a look-alike origin may read the <place> with Ann's cookies
    Given Ann is signed in
    And Ann has a task
    And Ann's own session opens her <place>
    When scripts of these origins request Ann's <place>, with and without a preflight
      | null                                     |
      | the own host with .evil.invalid after it |
      | the own host with evil before it         |
      | the own host with a letter for each dot  |
    Then no response allows that site to read it with credentials

    Examples:
      | place            |
      | session endpoint |
      | task list        |

  @cors-api-does-not-reflect-origin @should @high @core @needs-token
  @defect-cs-cors-reflects-origin @asvs-3.4.2 @wstg-clnt-07 @cwe-942
  Scenario: The API does not allow every origin that asks
    Given Ann is signed in
    And Ann has a task
    And Ann's token opens her tasks
    When a script of another site requests Ann's tasks at the API, with and without a preflight
    Then no response names that site as an allowed origin

  @csrf-login-is-refused @should @medium
  @defect-cs-login-csrf @asvs-3.5.1 @cwe-352
  Scenario: No page of another site may sign its visitor in
    Given Ann is signed in
    And Ann can sign in
    When a page of another site sends Ann's address and password in its own forms
    Then no attempt signs its visitor in

  @own-origin-may-sign-in-and-out @must @high @needs-sign-out
  @defect-cs-trusted-origin-refused @functional
  Scenario: The deployment's own page can sign a user in and out
    Given Ann is signed in
    When Ann signs in and out on a page of the deployment's own origin
    Then both are carried out for Ann
