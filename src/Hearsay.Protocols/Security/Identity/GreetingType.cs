namespace Hearsay.Protocols.Security.Identity;

/// <summary>What goes before a session.</summary>
internal enum GreetingType : byte
{
    /// <summary>Asks who lives at an address. Body: nonce 8, sender's id 16, zeros.</summary>
    Hello = 1,

    /// <summary>
    /// Answers a hello, or a message 1 that must come with a cookie. Body: nonce 8, the sender's key 32, cookie 24.
    /// </summary>
    Welcome = 2,

    /// <summary>
    /// Message 1 of a handshake. Body: the sender's number of the session 4, its id 16, cookie 24 or zeros, message.
    /// </summary>
    First = 3,

    /// <summary>
    /// Message 2 of a handshake. Body: the receiver's number of the session 4, the sender's 4, message.
    /// </summary>
    Second = 4,

    /// <summary>Says that a session is not known. Body: the session 4 and the number 4 of the packet.</summary>
    Lost = 5,
}
