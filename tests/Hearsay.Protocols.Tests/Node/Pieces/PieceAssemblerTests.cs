using Hearsay.Protocols.Node.Pieces;

namespace Hearsay.Protocols.Tests.Node.Pieces;

/// <summary>What comes in pieces takes little room, whatever is sent.</summary>
public sealed class PieceAssemblerTests
{
    private static readonly NodeAddress _from = NodeAddress.FromIPv4(0x0A00_0001, 7000);

    private readonly PieceAssembler _assembler = new();
    private Instant _now = Instant.Zero + TimeSpan.FromHours(1);

    [Fact]
    public void One_address_has_four_packets_at_once_and_all_have_sixteen()
    {
        for (var address = 0; address < 6; address++)
        {
            for (ulong number = 0; number < 6; number++)
            {
                var hasRoom = number < PieceAssembler.CapacityOfAddress && address < 4;
                Assert.Equal(hasRoom, Take(new Piece(number, 0, 5, 0), Piece.FullBytes, address));
            }
        }
    }

    [Fact]
    public void What_makes_no_progress_makes_room()
    {
        for (ulong number = 0; number < 4; number++)
        {
            Take(new Piece(number, 0, 5, 0), Piece.FullBytes);
        }

        _now += PieceAssembler.Patience;
        Assert.True(Take(new Piece(3, 1, 5, 0), Piece.FullBytes));
        for (ulong number = 4; number < 7; number++)
        {
            Assert.True(Take(new Piece(number, 0, 5, 0), Piece.FullBytes));
        }

        Assert.False(Take(new Piece(7, 0, 5, 0), Piece.FullBytes));
        Assert.True(Take(new Piece(3, 2, 5, 0), Piece.FullBytes));
    }

    [Fact]
    public void A_piece_that_comes_twice_after_its_packet_was_whole_makes_no_second_one()
    {
        Assert.True(_assembler.TryTake(_from, new Piece(1, 0, 0, 1), [7], _now, out _, out var whole));
        Assert.Equal([7], whole.ToArray());
        Assert.True(_assembler.TryTake(_from, new Piece(1, 0, 0, 1), [7], _now, out var here, out whole));
        Assert.Equal((1ul, true), (here, whole.IsEmpty));
    }

    [Fact]
    public void A_piece_that_contradicts_the_first_one_is_refused()
    {
        Assert.True(Take(new Piece(1, 0, 5, 0), Piece.FullBytes));
        Assert.False(Take(new Piece(1, 1, 6, 0), Piece.FullBytes));
    }

    private bool Take(Piece piece, int bytes, int address = 0) => _assembler.TryTake(
        NodeAddress.FromIPv4(0x0A00_0001 + (uint)address, 7000), piece, new byte[bytes], _now, out _, out _);
}
