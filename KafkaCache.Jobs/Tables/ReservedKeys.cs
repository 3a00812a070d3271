namespace KafkaCaching.Jobs.Tables;

/// <summary>The keys of a refreshed cache's topic that are not rows.</summary>
internal static class ReservedKeys
{
    public const string Prefix = "\0kafkacache/";
    public const string Manifest = Prefix + "manifest";
    public const string Failure = Prefix + "failure";
    public const string Request = Prefix + "request";
    public const string Barrier = Prefix + "barrier";

    public static bool Has(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);
}
