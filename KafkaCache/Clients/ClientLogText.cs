using System.Text.RegularExpressions;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Clients;

/// <summary>Reads what librdkafka says: what of it is the message, which messages are alike, and how grave each is.</summary>
internal static partial class ClientLogText
{
    private const string BrokerFacility = "FAIL";

    /// <summary>The text without the thread before it, the time in a state behind it, and what librdkafka quotes of a setting that may hold
    /// a secret.</summary>
    public static string Plain(string text) => Quoted().Replace(Ornaments().Replace(text, ""), "[redacted]").Trim();

    /// <summary>Equal for messages that differ in numbers only. A broker's address in front stays as it is: two brokers are two kinds. Its
    /// ID goes, since a broker is known by its address alone (host:port/bootstrap) until it has told its ID.</summary>
    public static string KindOf(string plain)
    {
        var end = Math.Max(plain.IndexOf(": ", StringComparison.Ordinal), 0);
        return string.Concat(BrokerId().Replace(plain[..end], ""), Variable().Replace(plain[end..], "#"));
    }

    public static bool IsProblem(LogMessage message) => message.Facility is BrokerFacility && message.Level <= SyslogLevel.Error;

    public static LogLevel LevelOf(LogMessage message) => message.Level switch
    {
        // The client's word for a broker that is away, which is nobody's error yet: it goes on trying.
        SyslogLevel.Error when message.Facility is BrokerFacility or "ERROR" => LogLevel.Warning,
        <= SyslogLevel.Critical => LogLevel.Critical,
        SyslogLevel.Error => LogLevel.Error,
        SyslogLevel.Warning => LogLevel.Warning,
        <= SyslogLevel.Info => LogLevel.Information,
        _ => LogLevel.Debug,
    };

    public static LogLevel LevelOf(Error error) => error.Code switch
    {
        _ when error.IsFatal => LogLevel.Error,
        ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.Local_Ssl
            or ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed => LogLevel.Error,
        ErrorCode.GroupAuthorizationFailed => LogLevel.Information,
        _ => LogLevel.Warning,
    };

    [GeneratedRegex(@"^(\[thrd:[^\]]*\]: |GroupCoordinator: )+|\s*\(after \d+ms in state .*\)$",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ornaments();

    [GeneratedRegex(@"(?<=sasl\.oauthbearer\.config beginning at: ).*$", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"/(\d+|bootstrap)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BrokerId();

    [GeneratedRegex(@"ipv[46]#\S+|\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
