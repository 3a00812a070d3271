using System.Text.RegularExpressions;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Clients;

/// <summary>Interprets librdkafka's log texts: extracts the message, groups similar messages, and assigns a log level.</summary>
internal static partial class ClientLogText
{
    private const string BrokerFacility = "FAIL";

    /// <summary>Returns the text without the thread name at its start, without the "after … ms in state …" at its end, and without the
    /// values that librdkafka quotes from settings that may hold secrets.</summary>
    public static string Plain(string text) => Quoted().Replace(Ornaments().Replace(text, ""), "[redacted]").Trim();

    /// <summary>Returns the kind of a message, which is the same for messages that differ only in numbers. A broker's address at the start
    /// is kept, so messages about different brokers are of different kinds. The broker's ID is removed, because until a broker has sent its
    /// ID, it is known only by its address (host:port/bootstrap).</summary>
    public static string KindOf(string plain)
    {
        var end = Math.Max(plain.IndexOf(": ", StringComparison.Ordinal), 0);
        return string.Concat(BrokerId().Replace(plain[..end], ""), Variable().Replace(plain[end..], "#"));
    }

    /// <summary>Returns the address of the broker that a text is about, if the brokers advertised this address. Such a text contains the
    /// broker's ID; until the brokers have reported the ID, a broker is called host:port/bootstrap.</summary>
    public static string? AdvertisedAddressIn(string plain) =>
        AdvertisedAddress().Match(plain) is { Success: true } match ? match.Groups["address"].Value : null;

    public static bool IsProblem(LogMessage message) => message.Facility is BrokerFacility && message.Level <= SyslogLevel.Error;

    public static LogLevel LevelOf(LogMessage message) => message.Level switch
    {
        // The client reports an unreachable broker as an error. Since the client keeps trying, it is logged only as a warning.
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

    [GeneratedRegex(@"^([a-z_]+://)?(?<address>[^/\s]+:\d+)/\d+: ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AdvertisedAddress();

    [GeneratedRegex(@"/(\d+|bootstrap)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BrokerId();

    [GeneratedRegex(@"ipv[46]#\S+|\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
