namespace KafkaCaching.Jobs;

/// <summary>The instance whose writes the brokers take, as every instance reads it in the topic: the one that has fenced all
/// earlier ones.</summary>
/// <param name="Instance">The <c>client.id</c> of the instance.</param>
/// <param name="Since">When it fenced them.</param>
/// <param name="Term">Its fencing token: greater than that of every earlier leader.</param>
public sealed record FencedLeader(string Instance, DateTimeOffset Since, long Term);
