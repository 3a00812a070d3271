namespace KafkaCaching.Jobs;

/// <summary>The instance whose writes the brokers accept, because it has fenced all earlier ones. All instances read this information from
/// the topic.</summary>
/// <param name="Instance">The <c>client.id</c> of the instance.</param>
/// <param name="Since">When the instance fenced the earlier ones.</param>
/// <param name="Term">The fencing token of the instance, which is greater than that of every earlier leader.</param>
public sealed record FencedLeader(string Instance, DateTimeOffset Since, long Term);
