using Confluent.Kafka;
using KafkaCaching.Native;

namespace KafkaCaching.Clients;

/// <summary>Checks with librdkafka that a setting exists and that its value is valid, before a client is created with it.</summary>
internal static class PropertyCheck
{
    private const int Unknown = -2;
    private const int Refused = -1;
    private const int ErrorTextSize = 256;

    /// <summary>Reports a fault for each setting that no client would accept. A fault never quotes a value, because it may be a
    /// secret.</summary>
    public static IEnumerable<string> Faults(string option, Config? config)
    {
        foreach (var (name, value) in config ?? [])
        {
            if (HasOption(name))
                continue;
            if (Result(name, value) is var result && result == Unknown)
                yield return $"{option}: '{name}' is not a setting of the Kafka client. Correct its name, or leave it out.";
            else if (result == Refused)
                yield return $"{option}: the Kafka client refuses the value of '{name}'. See librdkafka's CONFIGURATION.md for its range.";
        }
    }

    // Settings whose names begin with dotnet are handled by the .NET client. Setting the plug-in paths would load the plug-ins.
    private static bool HasOption(string name) =>
        name.StartsWith("dotnet.", StringComparison.Ordinal) || name is "plugin.library.paths";

    private static int Result(string name, string value)
    {
        var configuration = Librdkafka.NewConfiguration();
        try
        {
            return Librdkafka.SetProperty(configuration, name, value, new byte[ErrorTextSize], ErrorTextSize);
        }
        finally
        {
            Librdkafka.DestroyConfiguration(configuration);
        }
    }
}
