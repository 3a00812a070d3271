using System.Globalization;

namespace KafkaCaching.Clients;

/// <summary>The format of <c>bootstrap.servers</c>: <c>host:port</c> addresses separated by commas, with IPv6 addresses in
/// brackets.</summary>
internal static class BootstrapServers
{
    private static readonly string[] Protocols = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"];

    /// <summary>Returns the list of servers in the properties, under either of the setting's names.</summary>
    public static string? In(IEnumerable<KeyValuePair<string, string>>? properties) =>
        properties?.LastOrDefault(property => KafkaProperties.Canonical(property.Key) is "bootstrap.servers").Value;

    /// <summary>Returns what is wrong with the list; <see langword="null"/> if nothing is wrong.</summary>
    /// <param name="servers">The list.</param>
    /// <param name="protocol">The <c>security.protocol</c> that the clients use.</param>
    public static string? Fault(string servers, string protocol)
    {
        var addresses = servers.Split(',', StringSplitOptions.TrimEntries);
        for (var i = 0; i < addresses.Length; i++)
        {
            if (AddressFault(addresses[i], protocol) is { } fault)
            {
                // If the list contains an @, the address may be part of a password, which must not appear in a log.
                var address = servers.Contains('@', StringComparison.Ordinal) ? "" : $" ('{addresses[i]}')";
                return $"address {i + 1} of {addresses.Length}{address} {fault}. Write a comma-separated list of host:port, as in "
                    + "localhost:9092 or [::1]:9092.";
            }
        }

        return null;
    }

    /// <summary>Returns the addresses in the list, without their protocols.</summary>
    public static IEnumerable<string> Addresses(string servers) => servers
        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(static address => address[(SchemeEnd(address) is var end and >= 0 ? end + 3 : 0)..]);

    private static int SchemeEnd(string address) => address.IndexOf("://", StringComparison.Ordinal);

    private static string? AddressFault(string address, string protocol)
    {
        if (address.Length == 0)
            return "is empty";

        // librdkafka also accepts SASL_SSL://host:port. If the protocol is not the client's own, librdkafka skips this address and all that
        // follow.
        var scheme = SchemeEnd(address);
        if (scheme >= 0)
        {
            var given = address[..scheme];
            if (!Protocols.Contains(given, StringComparer.OrdinalIgnoreCase))
                return "has a scheme, which the address of a broker must not have";
            if (!given.Equals(protocol, StringComparison.OrdinalIgnoreCase))
                return $"has the protocol {given.ToUpperInvariant()}, but security.protocol is {protocol.ToUpperInvariant()}: make the "
                    + "two the same, or leave the protocol out of the address";
            address = address[(scheme + 3)..];
        }

        var colon = address.LastIndexOf(':');
        if (colon < 0 || address.EndsWith(']'))
            return "has no port";
        var host = address[..colon];
        var isBracketed = host.StartsWith('[') && host.EndsWith(']');
        if (!isBracketed && host.Contains(':', StringComparison.Ordinal))
            return "looks like IPv6 without brackets";
        if (!int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port is < 1 or > 65535)
            return "has a port that is not a number from 1 to 65535";
        UriHostNameType kind = Uri.CheckHostName(host);
        return kind == UriHostNameType.Unknown || isBracketed != (kind == UriHostNameType.IPv6) ? "has no valid host" : null;
    }
}
