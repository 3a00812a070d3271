namespace KafkaCaching.Clients;

/// <summary>The name by which the brokers know this process, in their logs and quotas.</summary>
internal static class ClientId
{
    public static string Default { get; } = From(Environment.GetEnvironmentVariable);

    public static string From(Func<string, string?> environment)
    {
        string? podNamespace = environment("POD_NAMESPACE");
        string? podName = environment("POD_NAME");
        return string.IsNullOrWhiteSpace(podNamespace) || string.IsNullOrWhiteSpace(podName)
            ? $"{Environment.MachineName}-{Environment.ProcessId}"
            : $"{podNamespace}.{podName}";
    }
}
