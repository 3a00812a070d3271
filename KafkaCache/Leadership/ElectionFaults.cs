using System.Globalization;

namespace KafkaCaching.Leadership;

/// <summary>Checks the options that are common to everything that uses an election.</summary>
internal static class ElectionFaults
{
    public static IEnumerable<string> Of(TimeSpan sessionTimeout, short? replicationFactor)
    {
        foreach (var fault in OfSession(sessionTimeout))
            yield return fault;
        if (replicationFactor < 1)
            yield return string.Create(
                CultureInfo.InvariantCulture, $"ReplicationFactor is {replicationFactor}. Set it to at least 1, or leave it out.");
    }

    public static IEnumerable<string> OfSession(TimeSpan timeout)
    {
        if (timeout < TimeSpan.FromSeconds(1) || timeout > TimeSpan.FromMinutes(5))
            yield return $"SessionTimeout is {timeout}. Set it to a value from 1 second to 5 minutes.";
    }
}
