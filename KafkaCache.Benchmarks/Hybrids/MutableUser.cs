namespace KafkaCaching.Benchmarks.Hybrids;

/// <summary>A value that callers can change.</summary>
internal sealed class MutableUser
{
    public string Email { get; set; } = "";

    public string DisplayName { get; set; } = "";
}
