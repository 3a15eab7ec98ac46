Feature: Cross-site requests
  Another site can make a browser send requests. It can't make it change anything here, nor read what comes back.

  @csrf-simple-request-changes-nothing @must @high @core
  @defect-cs-foreign-origin-accepted @asvs-3.5.1 @asvs-3.5.2 @wstg-sess-05 @cwe-352
  Scenario Outline: A page of another site can't <action> for a signed-in visitor
    Given Ann has a new account
    And Ann's own page can <action>
    When a page of another site tries to <action> with Ann's cookies, in every form a browser sends unasked
    Then nothing came of it

    Examples:
      | action          |
      | change her name |
      | sign her out    |

  @csrf-json-request-changes-nothing @should @high @core
  @defect-cs-foreign-origin-accepted @asvs-3.5.1 @wstg-sess-05 @cwe-352
  Scenario Outline: JSON from another site can't <action> even where no browser would send it
    Given Ann has a new account
    And Ann's own page can <action>
    When a page of another site tries to <action> with Ann's cookies, as JSON
    Then nothing came of it

    Examples:
      | action          |
      | change her name |
      | sign her out    |

  @csrf-front-end-is-protected @must @high @core @needs-proxy
  @defect-cs-foreign-origin-accepted @part-of-asvs-3.5.1 @part-of-asvs-3.5.2 @wstg-sess-05 @cwe-352
  Scenario: A task can't be made from another site, or the browser keeps the cookie back
    Given Ann is signed in
    And Ann herself can create her task through the front end
    When a page of another site tries to create a task with Ann's cookies, in every form a browser sends unasked
    Then nothing came of it, or SameSite keeps the cookie at home

  @csrf-front-end-does-not-rely-on-samesite @should @high @core @needs-proxy
  @defect-cs-foreign-origin-accepted @asvs-3.5.1 @asvs-3.5.2 @wstg-sess-05 @cwe-352
  Scenario: The front end itself refuses to make a task for another site
    Given Ann is signed in
    And Ann herself can create her task through the front end
    When a page of another site tries to create a task with Ann's cookies, in every form a browser sends unasked
    And a page of another site tries to create a task with Ann's cookies, as JSON
    Then nothing came of it

  @cors-foreign-origin-cannot-read @must @high @core
  @defect-cs-cors-reflects-origin @asvs-3.4.2 @wstg-clnt-07 @cwe-942 @cwe-346
  Scenario Outline: Another site can't read the <place> with a visitor's cookies
    Given Ann is signed in
    And Ann has a task
    And Ann's own session opens her <place>
    When a page of another site asks for Ann's <place>, with and without a preflight
    Then no answer allows that site to read with credentials

    Examples:
      | place            |
      | session endpoint |
      | token endpoint   |
      | task list        |

  @cors-api-does-not-reflect-origin @should @high @core @needs-token
  @defect-cs-cors-reflects-origin @asvs-3.4.2 @wstg-clnt-07 @cwe-942
  Scenario: The API does not invite every site that asks
    Given Ann is signed in
    And Ann has a task
    And Ann's token opens her tasks
    When a page of another site asks the API for Ann's tasks, with and without a preflight
    Then no answer names that site as allowed
