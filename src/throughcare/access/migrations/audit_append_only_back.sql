DROP TRIGGER access_auditline_waits ON access_auditline;
DROP FUNCTION access_let_line_wait();
DROP TRIGGER access_auditplace_append_only ON access_auditplace;
DROP TRIGGER access_auditline_append_only ON access_auditline;
DROP FUNCTION access_refuse_change();
