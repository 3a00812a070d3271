using Confluent.Kafka;
using KafkaCaching.Clients;
using KafkaCaching.Diagnostics;
using KafkaCaching.Tests.Diagnostics;
using Microsoft.Extensions.Logging;
using Xunit;

namespace KafkaCaching.Tests.Clients;

public sealed class ClientLogTests
{
    private const string Refused = "localhost:1/bootstrap: Connect to ipv4#127.0.0.1:1 failed: Connection refused";

    private readonly FakeTimeProvider _time = new();
    private readonly ListLogger _logger = new();

    [Fact]
    public void First_of_a_kind_is_logged_at_once_and_repeats_are_logged_when_the_window_has_passed()
    {
        using ClientLog log = New();
        Fail(log, 0);
        Assert.Equal((LogLevel.Warning, 400, $"Kafka client users consumer: {Refused}"), Assert.Single(_logger.Lines));

        for (var i = 1; i <= 100; i++)
            Fail(log, i);
        _time.Advance(RepeatFolder.Window - TimeSpan.FromTicks(1));
        Assert.Single(_logger.Lines);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal((LogLevel.Warning, 401, $"Kafka client users consumer: 100 more times within 30 s: {Refused}"), _logger.Lines[1]);
    }

    [Fact]
    public void Kind_that_continues_costs_one_line_a_window_and_one_that_ended_is_new_again()
    {
        using ClientLog log = New();
        for (var window = 0; window < 3; window++)
        {
            Fail(log, 0);
            Fail(log, 0);
            _time.Advance(RepeatFolder.Window);
        }

        Assert.Equal([400, 401, 401, 401], _logger.Lines.Select(line => line.Id));
        _time.Advance(RepeatFolder.Window);
        Fail(log, 0);
        Assert.Equal(400, _logger.Lines[^1].Id);
        Assert.Equal(5, _logger.Lines.Count);
    }

    [Fact]
    public void Close_logs_the_repeats_counted_so_far()
    {
        ClientLog log = New();
        Fail(log, 0);
        Fail(log, 1);
        Fail(log, 2);
        log.Dispose();
        Assert.Contains("2 more", _logger.Lines[^1].Text, StringComparison.Ordinal);
        Fail(log, 3);
        _time.Advance(RepeatFolder.Window);
        Assert.Equal(3, _logger.Lines.Count);
    }

    [Fact]
    public void Log_line_and_error_of_one_event_are_one_kind()
    {
        using ClientLog log = New();
        Fail(log, 0);
        log.OnError(new Error(ErrorCode.Local_Transport, $"{Refused} (after 3ms in state CONNECT, 7 identical error(s) suppressed)"));
        log.OnError(new Error(ErrorCode.Local_Transport, Refused.Replace("ipv4#127.0.0.1:1", "ipv6#[::1]:1", StringComparison.Ordinal)));
        Assert.Single(_logger.Lines);
    }

    [Fact]
    public void One_broker_under_each_of_its_names_is_one_kind()
    {
        using ClientLog log = New();
        log.OnError(new Error(ErrorCode.Local_Transport, "a:9092/bootstrap: Disconnected"));
        log.OnError(new Error(ErrorCode.Local_Transport, "a:9092/1: Disconnected"));
        log.OnError(new Error(ErrorCode.Local_Transport, "GroupCoordinator: a:9092: Disconnected"));
        Assert.Single(_logger.Lines);
    }

    [Fact]
    public void Brokers_facilities_and_reasons_are_kinds_of_their_own()
    {
        using ClientLog log = New();
        log.OnError(new Error(ErrorCode.Local_Transport, "a:9092/1: Disconnected"));
        log.OnError(new Error(ErrorCode.Local_Transport, "b:9092/2: Disconnected"));
        log.OnError(new Error(ErrorCode.Local_Transport, "a:9092/1: Connection refused"));
        Assert.Equal(3, _logger.Lines.Count);
    }

    [Fact]
    public void Repeat_that_is_graver_is_logged_at_once()
    {
        using ClientLog log = New();
        log.OnLog(
            new LogMessage(
                "c", SyslogLevel.Error, "FAIL", "sasl_ssl://a:9092/1: SASL authentication error: no (after 5ms in state AUTH_REQ)"));
        log.OnError(
            new Error(ErrorCode.Local_Authentication, "sasl_ssl://a:9092/1: SASL authentication error: no (after 5ms in state AUTH_REQ)"));
        Assert.Equal([LogLevel.Warning, LogLevel.Error], _logger.Lines.Select(line => line.Level));
    }

    [Theory]
    [InlineData(SyslogLevel.Emergency, "X", LogLevel.Critical)]
    [InlineData(SyslogLevel.Critical, "X", LogLevel.Critical)]
    [InlineData(SyslogLevel.Error, "X", LogLevel.Error)]
    [InlineData(SyslogLevel.Error, "FAIL", LogLevel.Warning)]
    [InlineData(SyslogLevel.Warning, "X", LogLevel.Warning)]
    [InlineData(SyslogLevel.Notice, "X", LogLevel.Information)]
    [InlineData(SyslogLevel.Info, "FAIL", LogLevel.Information)]
    [InlineData(SyslogLevel.Debug, "X", LogLevel.Debug)]
    public void Syslog_levels_become_log_levels(SyslogLevel level, string facility, LogLevel expected)
    {
        using ClientLog log = New();
        log.OnLog(new LogMessage("client", level, facility, "[thrd:main]: text"));
        Assert.Equal((expected, 400, "Kafka client users consumer: text"), Assert.Single(_logger.Lines));
    }

    [Fact]
    public void Last_problem_is_the_specific_one_until_recovered()
    {
        using ClientLog log = New();
        Assert.Null(log.LastProblem);
        log.OnError(new Error(ErrorCode.Local_AllBrokersDown, "1/1 brokers are down"));
        Assert.Equal("1/1 brokers are down", log.LastProblem);
        Fail(log, 12);
        Assert.Equal(Refused, log.LastProblem);
        log.OnError(new Error(ErrorCode.Local_AllBrokersDown, "1/1 brokers are down"));
        log.OnError(new Error(ErrorCode.GroupAuthorizationFailed, "not your group"));
        log.OnLog(new LogMessage("client", SyslogLevel.Info, "FAIL", "localhost:1/1: Disconnected while idle"));
        Assert.Equal(Refused, log.LastProblem);
        log.OnRecovered();
        Assert.Null(log.LastProblem);
    }

    [Fact]
    public void Logger_that_throws_does_not_disturb_the_client()
    {
        using var log = new ClientLog(new Thrower(), _time, "users consumer");
        Fail(log, 0);
        Fail(log, 0);
        Assert.Equal(Refused, log.LastProblem);
        _time.Advance(RepeatFolder.Window);
    }

    [Fact]
    public void Many_kinds_at_once_are_bounded_and_no_repeat_is_lost()
    {
        using ClientLog log = New();
        for (var i = 0; i < 1000; i++)
        {
            log.OnError(new Error(ErrorCode.Local_Transport, $"broker-{i}:9092/1: Disconnected"));
            log.OnError(new Error(ErrorCode.Local_Transport, $"broker-{i}:9092/1: Disconnected"));
        }

        log.Dispose();
        Assert.Equal(1000, _logger.Lines.Count(line => line.Id == 400));
        Assert.Equal(1000, _logger.Lines.Count(line => line.Id == 401));
    }

    private static void Fail(ClientLog log, int afterMs) =>
        log.OnLog(
            new LogMessage(
                "client", SyslogLevel.Error, "FAIL", $"[thrd:localhost:1/bootstrap]: {Refused} (after {afterMs}ms in state CONNECT)"));

    private ClientLog New() => new(_logger, _time, "users consumer");

    private sealed class Thrower : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new InvalidOperationException("The log is full.");
    }
}
