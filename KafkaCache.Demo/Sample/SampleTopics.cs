namespace KafkaCaching.Demo.Sample;

/// <summary>The topics of the sample.</summary>
internal static class SampleTopics
{
    public const string Organizations = "organizations";
    public const string Users = "users";
    public const string Sessions = "sessions";
}
