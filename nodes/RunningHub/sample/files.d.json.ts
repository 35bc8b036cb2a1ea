/**
 * A small file of each kind, as base64, made for this project: a square that crosses the picture in two seconds, the same
 * as a still, a tone of one second, and a tetrahedron.
 */
declare const files: Readonly<Record<'video' | 'image' | 'audio' | '3d', string>>;
export default files;
