namespace KafkaCaching.Testing.Nodes;

/// <summary>An additional listener of a node, for clients that connect through a proxy or with security.</summary>
/// <param name="Name">The name, in upper case. The listener's settings begin with <c>listener.name.</c> and the name in lower case.</param>
/// <param name="Protocol">The security protocol, as in <c>SASL_PLAINTEXT</c>.</param>
/// <param name="Port">The port on which the node listens.</param>
/// <param name="AdvertisedPort">The port that the node advertises to the clients of this listener.</param>
/// <param name="AdvertisedHost">The host that the node advertises to the clients of this listener.</param>
internal sealed record NodeListener(string Name, string Protocol, int Port, int AdvertisedPort, string AdvertisedHost = "127.0.0.1");
