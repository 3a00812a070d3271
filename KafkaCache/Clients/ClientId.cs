namespace KafkaCaching.Clients;

/// <summary>The name by which the brokers know this process, in their logs and quotas.</summary>
internal static class ClientId
{
    public static string Default { get; } = From(Environment.GetEnvironmentVariable);

    public static string From(Func<string, string?> environment)
    {
        var podNamespace = environment("POD_NAMESPACE");
        var podName = environment("POD_NAME");
        return string.IsNullOrWhiteSpace(podNamespace) || string.IsNullOrWhiteSpace(podName)
            ? $"{Environment.MachineName}-{Environment.ProcessId}"
            : $"{podNamespace}.{podName}";
    }
}
