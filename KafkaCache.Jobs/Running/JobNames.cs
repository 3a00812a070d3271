namespace KafkaCaching.Jobs.Running;

/// <summary>Defines the names that jobs may have. They are part of keys, of transactional IDs and of the names of consumer
/// groups.</summary>
internal static class JobNames
{
    private const int MaxLength = 100;

    public const string Rule = "Use 1 to 100 letters (a to z), digits, '.', '_' and '-'.";

    public static bool IsLegal(string name) =>
        name.Length is > 0 and <= MaxLength && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
