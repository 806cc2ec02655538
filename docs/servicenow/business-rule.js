/*
 * ServiceNow business rule that sends a ticket to zpa-changes, signed as Standard Webhooks (docs/sources.md).
 *
 * 1. Connections & Credentials > Credentials > New > Basic Auth Credentials. User name: webhook. Password: the source's
 *    secret, whsec_ and all. Copy its sys_id.
 * 2. System Definition > Business Rules > New. Table: Change Request (and another rule for Requested Item, another for
 *    Change Task). Advanced: on. When: async. Insert and Update: on. Condition: what your form makes a ticket about
 *    segment groups, for example "Category is ZPA". Paste this file into Script and fill in the first three lines.
 *
 * It runs in the global scope. In a scoped application write CertificateEncryption for GlideCertificateEncryption.
 * A call that fails is not repeated here: the reconciling of zpa-changes finds approved tickets that never arrived.
 */
(function sendToZpaChanges(current) {
  var ADDRESS = 'https://REPLACE-ME/webhooks/servicenow';
  var CREDENTIAL = 'REPLACE-ME with the sys_id of the credential';
  var INTEGRATION_USER = 'zpa.changes';

  // zpa-changes knows its own writes on the ticket.
  if (String(current.sys_updated_by) === INTEGRATION_USER) return;

  var FIELDS = [
    'sys_id',
    'number',
    'sys_class_name',
    'type',
    'state',
    'approval',
    'active',
    'on_hold',
    'start_date',
    'end_date',
    'planned_start_date',
    'planned_end_date',
    'cat_item',
    'request',
    'change_request',
    'short_description',
    'requested_by',
    'opened_by',
    'sys_created_on',
    'sys_updated_on',
    'sys_updated_by',
    'sys_mod_count'
  ];
  // People by their user name, and what lies behind a reference.
  var BEHIND = {
    requested_by: ['user_name'],
    opened_by: ['user_name'],
    request: ['requested_for.user_name'],
    change_request: ['number', 'approval', 'state', 'on_hold', 'type']
  };
  // Of the form: catalog variables, or columns of the table with u_ in front.
  var FORM = [
    'zpa_tenant',
    'zpa_microtenant',
    'zpa_action',
    'zpa_group',
    'zpa_new_name',
    'zpa_description',
    'zpa_enabled',
    'zpa_applications_to_add',
    'zpa_applications_to_remove',
    'zpa_move_to',
    'zpa_leave_ungrouped',
    'zpa_take_from_other_groups',
    'zpa_changes'
  ];

  function shown(element) {
    return { value: String(element), display_value: String(element.getDisplayValue()) };
  }

  function putBehind(record, field) {
    var paths = BEHIND[field] || [];
    for (var p = 0; p < paths.length; p++) {
      var at = record[field];
      var steps = paths[p].split('.');
      for (var s = 0; s < steps.length - 1; s++) at = at[steps[s]] = at[steps[s]] || {};
      at[steps[steps.length - 1]] = shown(current.getElement(field + '.' + paths[p]));
    }
  }

  function recordOf() {
    var record = { variables: {} };
    for (var f = 0; f < FIELDS.length; f++) {
      if (!current.isValidField(FIELDS[f])) continue;
      record[FIELDS[f]] = shown(current.getElement(FIELDS[f]));
      if (String(current.getElement(FIELDS[f])) !== '') putBehind(record, FIELDS[f]);
    }
    for (var v = 0; v < FORM.length; v++) {
      var variable = current.variables ? current.variables[FORM[v]] : null;
      if (variable !== null && variable !== undefined) record.variables[FORM[v]] = shown(variable);
      if (current.isValidField('u_' + FORM[v])) record['u_' + FORM[v]] = shown(current.getElement('u_' + FORM[v]));
    }
    return record;
  }

  // Letters beyond ASCII and the dollar sign as \uXXXX: so what is signed and what is sent are the same bytes, whatever the
  // encodings, and RESTMessageV2 finds no ${variable} to replace.
  function escaped(text) {
    return text.replace(/[$\u007f-\uffff]/g, function (letter) {
      return '\\u' + ('0000' + letter.charCodeAt(0).toString(16)).slice(-4);
    });
  }

  var credential = new sn_cc.StandardCredentialsProvider().getCredentialByID(CREDENTIAL);
  if (!credential) {
    gs.error('zpa-changes: there is no credential ' + CREDENTIAL + '; ' + current.number + ' was not sent');
    return;
  }
  // generateMac wants its key in base64 and answers base64: the secret without whsec_ is the one, behind v1, stands the other.
  var key = String(credential.getAttribute('password')).replace(/^whsec_/, '');
  var id = String(gs.generateGUID());
  var timestamp = String(Math.floor(Number(new GlideDateTime().getNumericValue()) / 1000));
  var body = escaped(JSON.stringify({ table: String(current.getTableName()), record: recordOf() }));
  var mac = new GlideCertificateEncryption().generateMac(key, 'HmacSHA256', id + '.' + timestamp + '.' + body);

  var request = new sn_ws.RESTMessageV2();
  request.setEndpoint(ADDRESS);
  request.setHttpMethod('post');
  request.setHttpTimeout(20000);
  request.setRequestHeader('Content-Type', 'application/json');
  request.setRequestHeader('webhook-id', id);
  request.setRequestHeader('webhook-timestamp', timestamp);
  request.setRequestHeader('webhook-signature', 'v1,' + String(mac));
  request.setRequestBody(body);
  try {
    var response = request.execute();
    var status = Number(response.getStatusCode());
    if (status < 200 || status > 299) {
      // The answer says what is wrong and what to do; it holds no secret.
      gs.error('zpa-changes answered ' + status + ' to ' + current.number + ': ' + response.getBody());
    }
  } catch (error) {
    gs.error('zpa-changes could not be reached with ' + current.number + ': ' + error);
  }
})(current);
