import { Room } from '../../../runninghub/room';

/** For as long as the process lives: there are no more of them than credentials. */
const rooms = new Map<string, Room>();

/** @param account the same for all runs that share an account */
export function roomOf(account: string): Room {
	const room = rooms.get(account) ?? new Room();
	rooms.set(account, room);
	return room;
}
