namespace KafkaCaching.Benchmarks.Hybrids;

/// <summary>A value of a mutable type.</summary>
internal sealed class MutableUser
{
    public string Email { get; set; } = "";

    public string DisplayName { get; set; } = "";
}
