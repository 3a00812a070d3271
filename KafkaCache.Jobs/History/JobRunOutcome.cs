using System.Text.Json.Serialization;

namespace KafkaCaching.Jobs;

/// <summary>How a run has ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobRunOutcome>))]
public enum JobRunOutcome
{
    /// <summary>It is under way, or its process has died.</summary>
    Running,

    /// <summary>It ended well.</summary>
    Succeeded,

    /// <summary>It threw.</summary>
    Failed,

    /// <summary>It was cut off: the host stopped, or the instance lost the leadership.</summary>
    Stopped,
}
