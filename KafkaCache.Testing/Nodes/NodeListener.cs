namespace KafkaCaching.Testing.Nodes;

/// <summary>A listener of a node beside its plain one, for clients that come through a proxy or with security.</summary>
/// <param name="Name">Upper case; its settings begin with <c>listener.name.</c> and the name in lower case.</param>
/// <param name="Protocol">As in <c>SASL_PLAINTEXT</c>.</param>
/// <param name="Port">Where the node listens.</param>
/// <param name="AdvertisedPort">Where its clients are told to connect.</param>
/// <param name="AdvertisedHost">Likewise.</param>
internal sealed record NodeListener(string Name, string Protocol, int Port, int AdvertisedPort, string AdvertisedHost = "127.0.0.1");
